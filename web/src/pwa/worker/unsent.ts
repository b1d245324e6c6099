import { askServer } from "../ask";
import { SEND_UNSENT } from "../messages";
import { replay } from "../queue";
import { notDone, wordsIn } from "./words";

/** The network is back: an open page sends what waits and says so; without one it is done here. */
export async function sendUnsent(self: ServiceWorkerGlobalScope) {
  const pages = await self.clients.matchAll({ type: "window" });
  if (pages.length > 0) {
    for (const page of pages) page.postMessage(SEND_UNSENT);
    return;
  }
  const outcomes = await replay(askServer, Date.now());
  for (const { action, refused } of outcomes) {
    if (!refused) continue;
    const title = notDone(action, wordsIn(navigator.language));
    await self.registration.showNotification(title, {
      body: `${action.incident.title}\n${refused}`,
      tag: `unsent ${action.id}`,
      icon: "/icon-192.png",
      badge: "/badge-96.png",
      data: { url: `/incidents/${action.incident.number}` },
    });
  }
}
