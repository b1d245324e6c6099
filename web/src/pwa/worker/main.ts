/// <reference lib="webworker" />
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { SEND_UNSENT, USE_NEW } from "../messages";
import { NOT_PAGES } from "./addresses";
import { sendPresses, sendPressesSoon } from "./presses";
import { notify } from "./pushes";
import { keepWhatIsSeen } from "./seen";
import { sendUnsent } from "./unsent";

declare const self: ServiceWorkerGlobalScope;

cleanupOutdatedCaches();
precacheAndRoute(__KEPT__);
// the shell at once, also where the network hangs: a page at night is not waited for
registerRoute(
  new NavigationRoute(createHandlerBoundToURL("/index.html"), {
    denylist: NOT_PAGES,
  }),
);
keepWhatIsSeen();
notify(self);

self.addEventListener("message", (event) => {
  if (event.data === USE_NEW) void self.skipWaiting();
  // a page has noticed that the network is back; not every browser tells us
  if (event.data === SEND_UNSENT) event.waitUntil(sendPressesSoon(self));
});
// the first page was there before this worker: it is looked after too
self.addEventListener("activate", (event) =>
  event.waitUntil(self.clients.claim()),
);
self.addEventListener("sync", (event) =>
  event.waitUntil(sendPresses(self).then(() => sendUnsent(self))),
);
