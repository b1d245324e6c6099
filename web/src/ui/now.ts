import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time in ms, fresh to `everyS` seconds: one timer for the whole page, few renders. */
export function useNow(everyS = 1): number {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(now / (everyS * 1000)) * everyS * 1000,
  );
}

/** What `words` makes of the time in ms; renders only when that reads differently. */
export function useTimed(words: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () =>
    words(Math.floor(now / 1000) * 1000),
  );
}
