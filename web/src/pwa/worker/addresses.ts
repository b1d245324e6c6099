/** What the server answers itself, or sends on; every other address is a page of the app. */
export const NOT_PAGES = [
  /^\/(v1|v2|scim|in|api|act|calendars|s|partner|socket\.io|assets)\//,
  /^\/(healthz|readyz|canaryz|metrics|partner)$/,
];

/** What is kept for reading offline: enough to see what is wrong, who has it and who comes next. */
export const READABLE_OFFLINE =
  /^\/v1\/(me|me\/on-call|me\/notifications|incidents(\/.*)?|on-call|saved-views|teams)$/;

export const SESSION = "/v1/session";
