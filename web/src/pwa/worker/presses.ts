import { isNoAnswer } from "../ask";
import { database, type Press } from "../database";

const PATIENCE_MS = 10_000;
const TOO_MANY = 429;
const STATE = "X-PageFree-State";

/** What came of a press, in the place of what was pressed. */
const WORDS: Record<string, Record<Press["verb"], string>> = {
  yours: { acknowledge: "You have it", resolve: "Not resolved" },
  taken: { acknowledge: "Somebody has it already", resolve: "Not resolved" },
  over: { acknowledge: "It is over already", resolve: "Resolved" },
  many: { acknowledge: "You have them all", resolve: "Not resolved" },
};
const USELESS = "This button counts no longer: open the incident";
const KEPT = {
  acknowledge: "No connection: you have it as soon as there is one",
  resolve: "No connection: it is resolved as soon as there is one",
};

/** Do what the button of a notification says, now or when there is a connection. */
export async function press(self: ServiceWorkerGlobalScope, pressed: Press) {
  const words = await send(pressed);
  if (words) return tell(self, pressed, words);
  await (await database()).add("presses", pressed);
  await tell(self, pressed, KEPT[pressed.verb]);
  if ("sync" in self.registration)
    await self.registration.sync.register("actions").catch(() => {});
}

/** Send what was pressed without a connection, in order. */
export async function sendPresses(self: ServiceWorkerGlobalScope) {
  const db = await database();
  for (const id of await db.getAllKeys("presses")) {
    const pressed = await db.get("presses", id);
    if (!pressed) continue;
    const words = await send(pressed);
    if (!words) return;
    await db.delete("presses", id);
    await tell(self, pressed, words);
  }
}

/** What came of it; undefined: nobody answered. The link is the right to do it, once. */
async function send({ path, verb }: Press): Promise<string | undefined> {
  try {
    const { status, headers } = await fetch(path, {
      method: "POST",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (isNoAnswer(status) || status === TOO_MANY) return undefined;
    return WORDS[headers.get(STATE) ?? ""]?.[verb] ?? USELESS;
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
