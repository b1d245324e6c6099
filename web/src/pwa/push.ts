import { useEffect } from "react";
import { askServer } from "./ask";
import {
  addressOf,
  forgetDevice,
  type PushAddress,
  renew,
  subscribeWith,
} from "./subscription";

/** Why this browser cannot be notified: no HTTPS or an old browser; not yet installed; forbidden. */
export type Obstacle = "unsupported" | "forbidden";

/** What stands in the way of being notified here, if anything does. */
export function obstacle(): Obstacle | undefined {
  const able =
    "serviceWorker" in navigator &&
    "PushManager" in window &&
    "Notification" in window;
  if (!able) return "unsupported";
  return Notification.permission === "denied" ? "forbidden" : undefined;
}

/** Subscribe, asking the person for permission; undefined: they said no. */
export async function subscribe(key: string): Promise<PushAddress | undefined> {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const { pushManager } = await navigator.serviceWorker.ready;
  return addressOf(await subscribeWith(pushManager, key));
}

/** Nothing more is to arrive in this browser. */
export async function unsubscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  await forgetDevice();
}

/** At each start, see to it that the server still reaches this browser; asks nobody anything. */
export function useRenewal(onRenewed: () => void) {
  useEffect(() => {
    if (obstacle() || Notification.permission !== "granted") return;
    navigator.serviceWorker.ready
      .then(({ pushManager }) => renew(pushManager, askServer))
      .then((renewed) => renewed && onRenewed())
      .catch(() => {
        // the next start tries again; until then the server sees that nothing arrives
      });
  }, [onRenewed]);
}
