/** From a page to a service worker that waits: take over now. */
export const USE_NEW = "use new version";

/** From the service worker to a page: send what waits. */
export const SEND_UNSENT = "send unsent actions";
