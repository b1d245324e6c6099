import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { Unsent } from "./actions";
import { askServer } from "./ask";
import { SEND_UNSENT } from "./messages";
import { onReached } from "./network";
import { type Outcome, onQueueChange, replay, unsentOf } from "./queue";

const AGAIN_MS = 15_000;
const SYNC_TAG = "actions";
const NONE: readonly Unsent[] = [];

let unsent = NONE;
const listeners = new Set<() => void>();

function set(next: readonly Unsent[]) {
  unsent = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the person did here that has not reached the server, oldest first. */
export function useUnsent(): readonly Unsent[] {
  return useSyncExternalStore(subscribe, () => unsent);
}

/** Whether something waits: what is done next has to wait behind it. */
export function hasUnsent(): boolean {
  return unsent.length > 0;
}

/** Browsers that can send what waits after this page is closed are asked to. */
export async function askToSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration && "sync" in registration)
    await registration.sync.register(SYNC_TAG).catch(() => {});
}

/** Send what waits as soon as the server can be reached, and say what became of it. */
export function useReplay(
  userId: string,
  queryClient: QueryClient,
  onOutcomes: (outcomes: Outcome[]) => void,
) {
  useEffect(() => {
    const look = () =>
      unsentOf(userId).then(set, () => {
        // no database, as in some private windows: then nothing is ever kept
      });
    const send = async () => {
      navigator.serviceWorker?.controller?.postMessage(SEND_UNSENT);
      const outcomes = await replay(askServer, Date.now());
      if (outcomes.length === 0) return;
      await queryClient.invalidateQueries();
      onOutcomes(outcomes);
    };
    const sendQuietly = () => void send().catch(() => {});
    const timer = setInterval(
      () => unsent.length > 0 && sendQuietly(),
      AGAIN_MS,
    );
    const onMessage = ({ data }: MessageEvent) => {
      if (data === SEND_UNSENT) sendQuietly();
    };
    const stops = [onQueueChange(look), onReached(sendQuietly)];
    window.addEventListener("online", sendQuietly);
    navigator.serviceWorker?.addEventListener("message", onMessage);
    void look();
    sendQuietly();
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", sendQuietly);
      navigator.serviceWorker?.removeEventListener("message", onMessage);
      for (const stop of stops) stop();
      set(NONE);
    };
  }, [userId, queryClient, onOutcomes]);
}
