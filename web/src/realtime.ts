import type { Query, QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { io as Io } from "socket.io-client";

/** live: told of every change at once; polling: looks every 30 s; connecting: first try. */
export type Connection = "connecting" | "live" | "polling";

/** Fetches again what a long list shows of these incidents, and no more than that. */
export type Refresh = (
  queryClient: QueryClient,
  query: Query,
  ids: ReadonlySet<string>,
) => Promise<unknown>;

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: { refresh?: Refresh; [name: string]: unknown };
  }
}

const INCIDENTS = "incidents";
const INCIDENT = "incident";
const POLL_MS = 30_000;
const GATHER_MS = 400; // with the way there and back well below a second
const PATIENCE_MS = 5_000;
const RETRY_MS = 10_000;
const listeners = new Set<() => void>();
let connection: Connection = "connecting";

function setConnection(next: Connection) {
  connection = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How this page hears of changes right now. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

function field(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null
    ? Reflect.get(from, name)
    : undefined;
}

/** The keys of a `stale` message; anything else is no key. */
export function staleKeys(message: unknown): string[][] {
  const keys = field(message, "keys");
  if (!Array.isArray(keys)) return [];
  return keys.filter(
    (key): key is string[] =>
      Array.isArray(key) &&
      key.length > 0 &&
      key.every((part) => typeof part === "string"),
  );
}

/** The incidents that a message names one by one; undefined: any may have changed. */
export function namedIn(keys: string[][]): string[] | undefined {
  const ids = keys.flatMap(([what, id]) => (what === INCIDENT ? [id] : []));
  const named = ids.filter((id) => id !== undefined);
  return named.length > 0 && named.length === ids.length ? named : undefined;
}

/** Fetch again whatever shows these incidents; undefined: whatever shows any. */
export async function refreshIncidents(
  queryClient: QueryClient,
  ids: ReadonlySet<string> | undefined,
) {
  const queryKey = [INCIDENTS];
  if (!ids) return queryClient.invalidateQueries({ queryKey });
  const long = queryClient.getQueryCache().findAll({
    queryKey,
    predicate: ({ meta }) => meta?.refresh !== undefined,
  });
  const refreshed = long.map(async (query) => {
    const whole = { queryKey: query.queryKey, exact: true };
    if (!query.isActive() || query.state.isInvalidated)
      return queryClient.invalidateQueries(whole);
    await query.meta
      ?.refresh?.(queryClient, query, ids)
      .catch(() => queryClient.invalidateQueries(whole));
  });
  await Promise.all([
    queryClient.invalidateQueries({
      queryKey,
      predicate: ({ meta }) => meta?.refresh === undefined,
    }),
    ...refreshed,
  ]);
}

/** Remembers which incidents are stale until somebody looks. */
function staleIncidents() {
  let ids: Set<string> | undefined = new Set();
  return {
    note(keys: string[][]) {
      if (!keys.some((key) => key[0] === INCIDENTS && key.length === 1)) return;
      const named = namedIn(keys);
      ids = ids && named && new Set([...ids, ...named]);
    },
    take() {
      const taken = ids;
      ids = new Set();
      return taken;
    },
  };
}

/**
 * Acts at once, then at most every GATHER_MS: in a storm every list is fetched once, not per alert.
 *
 * What is still on its way is let arrive: a long list that was begun anew at each alert
 * would never come.
 */
export function gather(
  act: (key: string[]) => Promise<unknown>,
): (keys: string[][]) => void {
  // each key for itself: a long list keeps no page waiting
  const again = new Map<string, boolean>();
  const refresh = async (name: string, key: string[]) => {
    do {
      again.set(name, false);
      const arrived = act(key).catch(() => {});
      await pause(GATHER_MS);
      await Promise.race([arrived, pause(PATIENCE_MS)]);
    } while (again.get(name));
    again.delete(name);
  };
  return (keys) => {
    for (const key of keys) {
      const name = JSON.stringify(key);
      if (again.has(name)) again.set(name, true);
      else void refresh(name, key);
    }
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Keep what is on the screen fresh until the returned function is called. */
export function connectRealtime(
  queryClient: QueryClient,
  onSignedOut: () => void,
): () => void {
  let ended = false;
  let end = () => {};
  // fetched after the page: the first screen does not need it
  import("socket.io-client").then(
    ({ io }) => {
      if (!ended) end = listen(io, queryClient, onSignedOut);
    },
    () => {
      if (!ended) end = poll(queryClient);
    },
  );
  return () => {
    ended = true;
    end();
  };
}

/** Look at everything on the screen now and then, until the returned function is called. */
function poll(queryClient: QueryClient): () => void {
  setConnection("polling");
  const timer = setInterval(
    () => void queryClient.invalidateQueries(),
    POLL_MS,
  );
  return () => clearInterval(timer);
}

function listen(
  io: typeof Io,
  queryClient: QueryClient,
  onSignedOut: () => void,
): () => void {
  const socket = io({
    path: "/socket.io",
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelayMax: 10_000,
  });
  let endPolling: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const startPolling = () => {
    // each failed try comes here: the clock must go on
    endPolling ??= poll(queryClient);
  };
  const stopPolling = () => {
    endPolling?.();
    endPolling = undefined;
  };

  socket.on("connect", () => {
    const missedSomething = connection === "polling";
    stopPolling();
    setConnection("live");
    if (missedSomething) void queryClient.invalidateQueries();
    // what changed after the page had asked, and before it could be told
    else
      void queryClient.invalidateQueries(
        { queryKey: [INCIDENTS] },
        { cancelRefetch: false },
      );
  });
  socket.on("disconnect", (reason) => {
    startPolling();
    // the server ends a socket when its session ends; ask who we are
    if (reason === "io server disconnect") {
      void queryClient.invalidateQueries({ queryKey: ["me"] });
      socket.connect();
    }
  });
  socket.on("connect_error", (error) => {
    startPolling();
    const refusal = field(error, "data");
    if (field(refusal, "code") === "sign_in") onSignedOut();
    // refused by the server: the library does not try again by itself
    else if (!socket.active)
      retry = setTimeout(() => socket.connect(), RETRY_MS);
  });

  let seen: unknown;
  const incidents = staleIncidents();
  const refresh = gather((queryKey) =>
    queryKey.length === 1 && queryKey[0] === INCIDENTS
      ? refreshIncidents(queryClient, incidents.take())
      : queryClient.invalidateQueries({ queryKey }),
  );
  socket.on("stale", (message: unknown) => {
    const missedOne = seen !== undefined && field(message, "after") !== seen;
    seen = field(message, "seq");
    const keys = missedOne ? [[]] : staleKeys(message);
    incidents.note(keys);
    refresh(keys);
  });

  return () => {
    stopPolling();
    clearTimeout(retry);
    socket.disconnect();
    setConnection("connecting");
  };
}
