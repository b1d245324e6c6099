import { askServer, fieldOf, textOf } from "../ask";
import { renew } from "../subscription";
import { press } from "./presses";
import { wordsIn } from "./words";

/** Shows each message, does what its buttons say, and subscribes anew when asked to. */
export function notify(self: ServiceWorkerGlobalScope) {
  self.addEventListener("push", (event) =>
    event.waitUntil(show(self, read(event.data))),
  );
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(act(self, event.notification, event.action));
  });
  self.addEventListener("pushsubscriptionchange", (event) =>
    // where nobody is signed in any more, the next opened page does it
    event.waitUntil(renew(self.registration.pushManager, askServer)),
  );
}

/** What cannot be read is shown too: a browser that shows nothing loses its subscription. */
function read(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}

async function show(self: ServiceWorkerGlobalScope, message: unknown) {
  const quiet = fieldOf(message, "quiet") === true;
  const language = textOf(message, "language") || navigator.language;
  const words = wordsIn(language);
  const links = {
    language,
    acknowledge: textOf(message, "acknowledge"),
    resolve: textOf(message, "resolve"),
    open: textOf(message, "open") || "/incidents",
  };
  const title = textOf(message, "title") || words.news;
  await self.registration.showNotification(title, {
    body: textOf(message, "body"),
    tag: textOf(message, "tag") || "news",
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    silent: quiet,
    requireInteraction: fieldOf(message, "urgent") === true,
    data: links,
    // not yet in TypeScript's declarations: what a tag replaces sounds again
    ...{
      renotify: !quiet,
      actions: quiet ? [] : buttons(links, words),
    },
  });
  const receipt = textOf(message, "receipt");
  if (receipt) await askServer("POST", receipt);
}

/** Systems show as many as they have room for: what matters most first. */
function buttons(
  links: { acknowledge: string; resolve: string },
  { verbs, open }: ReturnType<typeof wordsIn>,
) {
  return [
    ...(links.acknowledge
      ? [{ action: "acknowledge", title: verbs.acknowledge }]
      : []),
    ...(links.resolve ? [{ action: "resolve", title: verbs.resolve }] : []),
    { action: "open", title: open },
  ];
}

async function act(
  self: ServiceWorkerGlobalScope,
  notification: Notification,
  action: string,
) {
  const open = textOf(notification.data, "open") || "/incidents";
  if (action !== "acknowledge" && action !== "resolve")
    return openPage(self, open);
  const path = textOf(notification.data, action);
  const { tag, title } = notification;
  const language = textOf(notification.data, "language");
  await press(self, { path, verb: action, tag, title, open, language });
}

/** In the window that is there, else in a new one. */
async function openPage(self: ServiceWorkerGlobalScope, path: string) {
  const [page] = await self.clients.matchAll({ type: "window" });
  const focused = await page?.focus().catch(() => undefined);
  const shown = await focused?.navigate(path).catch(() => undefined);
  if (!shown) await self.clients.openWindow(path);
}
