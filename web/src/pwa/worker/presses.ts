import { isNoAnswer } from "../ask";
import { database, type Press } from "../database";
import { cameOf, wordsIn } from "./words";

const PATIENCE_MS = 10_000;
const TOO_MANY = 429;
// a page may hear of the network before this worker has it
const AGAIN_MS = [1_000, 4_000, 10_000];
const STATE = "X-PageFree-State";

/** Do what the button of a notification says, now or when there is a connection. */
export async function press(self: ServiceWorkerGlobalScope, pressed: Press) {
  const words = await send(pressed);
  if (words) return tell(self, pressed, words);
  await (await database()).add("presses", pressed);
  await tell(self, pressed, languageOf(pressed).kept[pressed.verb]);
  if ("sync" in self.registration)
    await self.registration.sync.register("actions").catch(() => {});
}

/** Send what was pressed without a connection, and try a few times until it has left. */
export async function sendPressesSoon(self: ServiceWorkerGlobalScope) {
  for (const ms of AGAIN_MS) {
    if (await sendPresses(self)) return;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  await sendPresses(self);
}

/** Send what was pressed without a connection, in order; false: something waits. */
export async function sendPresses(
  self: ServiceWorkerGlobalScope,
): Promise<boolean> {
  const db = await database();
  for (const id of await db.getAllKeys("presses")) {
    const pressed = await db.get("presses", id);
    if (!pressed) continue;
    const words = await send(pressed);
    if (!words) return false;
    await db.delete("presses", id);
    await tell(self, pressed, words);
  }
  return true;
}

function languageOf({ language }: Press) {
  return wordsIn(language ?? navigator.language);
}

/** What came of it; undefined: nobody answered. The link is the right to do it, once. */
async function send(pressed: Press): Promise<string | undefined> {
  const { path, verb } = pressed;
  try {
    const { status, headers } = await fetch(path, {
      method: "POST",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (isNoAnswer(status) || status === TOO_MANY) return undefined;
    return cameOf(headers.get(STATE) ?? "", verb, languageOf(pressed));
  } catch {
    return undefined;
  }
}

async function tell(
  self: ServiceWorkerGlobalScope,
  { tag, title, open }: Press,
  words: string,
) {
  await self.registration.showNotification(words, {
    body: title,
    tag,
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    silent: true,
    data: { open },
  });
}
