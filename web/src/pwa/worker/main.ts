/// <reference lib="webworker" />
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { USE_NEW } from "../messages";
import { NOT_PAGES } from "./addresses";
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

self.addEventListener("message", ({ data }) => {
  if (data === USE_NEW) void self.skipWaiting();
});
// the first page was there before this worker: it is looked after too
self.addEventListener("activate", (event) =>
  event.waitUntil(self.clients.claim()),
);
self.addEventListener("sync", (event) => event.waitUntil(sendUnsent(self)));
