/** From a page to a service worker that waits: take over now. */
export const USE_NEW = "use new version";

/** Between a page and the service worker: the network is back, send what waits. */
export const SEND_UNSENT = "send unsent actions";
