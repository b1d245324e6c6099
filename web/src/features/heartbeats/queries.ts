import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import {
  getHeartbeat,
  getHeartbeatPing,
  type Heartbeat,
  listHeartbeatPings,
  listHeartbeats,
  listHeartbeatTimes,
} from "../../api/generated";

// pings are far too many to tell everybody of each
const LOOK_MS = 10_000;
// while one sets it up and waits for the first
const WATCH_MS = 3_000;
const NO_CURSOR: string | null = null;

export function listQuery(
  query: string,
  state: Heartbeat["state"] | undefined,
) {
  return infiniteQueryOptions({
    queryKey: ["heartbeats", "list", query, state],
    queryFn: ({ pageParam, signal }) =>
      listHeartbeats({
        query: {
          query,
          state: state && [state],
          cursor: pageParam,
          limit: 50,
        },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}

export function heartbeatQuery(id: string) {
  return queryOptions({
    queryKey: ["heartbeats", id],
    queryFn: ({ signal }) =>
      getHeartbeat({ path: { heartbeat_id: id }, signal }),
    refetchInterval: WATCH_MS,
  });
}

export function pingsQuery(id: string) {
  return queryOptions({
    queryKey: ["heartbeats", id, "pings"],
    queryFn: ({ signal }) =>
      listHeartbeatPings({ path: { heartbeat_id: id }, signal }),
    refetchInterval: WATCH_MS,
  });
}

/** One ping with all that it said. */
export function pingQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["heartbeats", id, "pings", number],
    queryFn: ({ signal }) =>
      getHeartbeatPing({ path: { heartbeat_id: id, number }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** When pings would come by a cron expression; an error says what is wrong with it. */
export function timesQuery(cron: string, zone: string) {
  return queryOptions({
    queryKey: ["heartbeat-times", cron, zone],
    queryFn: ({ signal }) =>
      listHeartbeatTimes({ query: { cron, time_zone: zone }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    meta: { showsErrors: true },
  });
}
