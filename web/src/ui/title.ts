import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let waiting = 0;

/** Tell every page's title how many incidents nobody has acknowledged. */
export function setWaiting(count: number) {
  waiting = count;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** "(3) Incidents · PageFree" */
export function useTitle(title: string): string {
  const count = useSyncExternalStore(subscribe, () => waiting);
  return `${count > 0 ? `(${count}) ` : ""}${title} · PageFree`;
}
