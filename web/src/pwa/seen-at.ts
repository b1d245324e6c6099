/** The header that the service worker writes on an answer that it had kept: when it was given. */
export const SEEN_AT = "X-PageFree-Seen-At";
