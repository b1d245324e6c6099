import { useSyncExternalStore } from "react";
import { client } from "../api/generated/client.gen";
import { isNoAnswer } from "./ask";
import { SEEN_AT } from "./seen-at";

export interface Network {
  /** false: the last request got no answer from the server */
  reached: boolean;
  /** how old the oldest thing on the screen may be, as far as it is not fresh */
  asOf?: string;
}

let network: Network = { reached: navigator.onLine };
const listeners = new Set<() => void>();

function set(next: Network) {
  if (next.reached === network.reached && next.asOf === network.asOf) return;
  network = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server answers this page, as far as the last request tells. */
export function useNetwork(): Network {
  return useSyncExternalStore(subscribe, () => network);
}

/** Calls `listener` whenever the server is reached again. */
export function onReached(listener: () => void): () => void {
  let before = network.reached;
  return subscribe(() => {
    if (network.reached && !before) listener();
    before = network.reached;
  });
}

/** Note from every answer, or the lack of one, whether the server is there. */
export function watchNetwork() {
  window.addEventListener("offline", () => set({ ...network, reached: false }));
  client.setConfig({ fetch: watchedFetch });
}

const watchedFetch: typeof fetch = async (input, init) => {
  try {
    const response = await fetch(input, init);
    noteAnswer(response);
    return response;
  } catch (error) {
    const givenUp =
      error instanceof DOMException && error.name === "AbortError";
    if (!givenUp) set({ ...network, reached: false });
    throw error;
  }
};

function noteAnswer({ headers, status }: Response) {
  const seenAt = headers.get(SEEN_AT);
  if (seenAt) {
    const { asOf = seenAt } = network;
    set({ reached: false, asOf: [asOf, seenAt].sort()[0] });
  } else if (!isNoAnswer(status)) set({ reached: true });
}
