import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/errors";
import { isLeaving } from "../sign-out";
import { toastError } from "../ui/toast";

const RETRIES = 2;

/** Asking again helps when there was no answer or the server failed, not when it refused. */
function retry(failures: number, error: Error): boolean {
  const refused =
    error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && failures < RETRIES;
}

/** The cache of what the server said; `onSignedOut` runs when it no longer knows us. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const noticeSignOut = (error: Error) => {
    const signedOut = error instanceof ApiError && error.status === 401;
    if (signedOut && !isLeaving()) onSignedOut();
    return signedOut;
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: noticeSignOut }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        // a form that shows its own errors says so
        if (mutation.meta?.showsErrors) return;
        if (!noticeSignOut(error)) toastError(error);
      },
    }),
    defaultOptions: {
      // the browser's own idea of being offline is often wrong, and the service worker
      // has answers without a network: always ask
      queries: { staleTime: 10_000, retry, networkMode: "offlineFirst" },
      mutations: { networkMode: "always" },
    },
  });
}
