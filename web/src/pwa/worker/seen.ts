import { ExpirationPlugin } from "workbox-expiration";
import { registerRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { SEEN_AT } from "../seen-at";
import { READABLE_OFFLINE, SESSION } from "./addresses";

const CACHE = "seen";
const MOST = 300;
const WEEK_S = 7 * 24 * 3600;
const PATIENCE_S = 5; // then what was seen last is better than nothing
const OK = 200;
const SIGNED_OUT = 401;
const NOBODY_THERE = [502, 503, 504]; // a proxy says so

/** Answers are kept as they come, and given again when the server cannot be reached. */
export function keepWhatIsSeen() {
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && READABLE_OFFLINE.test(url.pathname),
    new NetworkFirst({
      cacheName: CACHE,
      networkTimeoutSeconds: PATIENCE_S,
      plugins: [
        {
          fetchDidSucceed: async ({ response }) => {
            if (NOBODY_THERE.includes(response.status))
              throw new Error("nobody is there");
            if (response.status === SIGNED_OUT) await forget();
            return response;
          },
          cacheWillUpdate: async ({ response }) =>
            response.status === OK ? stamped(response) : null,
        },
        new ExpirationPlugin({
          maxEntries: MOST,
          maxAgeSeconds: WEEK_S,
          purgeOnQuotaError: true,
        }),
      ],
    }),
  );
  // whoever signs in or out next must not read what the one before has seen
  for (const method of ["POST", "DELETE"] as const)
    registerRoute(
      ({ url, sameOrigin }) => sameOrigin && url.pathname === SESSION,
      async ({ request }) => {
        const response = await fetch(request);
        if (response.ok) await forget();
        return response;
      },
      method,
    );
}

/** A copy that says when it was given. */
async function stamped(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.set(SEEN_AT, new Date().toISOString());
  return new Response(await response.blob(), { status: OK, headers });
}

async function forget() {
  await caches.delete(CACHE);
}
