import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import {
  listProviders,
  listReachFindings,
  searchNotifications,
} from "../../api/generated";
import type { Status } from "./log-words";

const NO_CURSOR: string | null = null;
const LOOK_MS = 15_000;

/** How each provider did in the last day; for admins. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => listProviders({ signal }),
  refetchInterval: LOOK_MS,
});

export const findingsQuery = queryOptions({
  queryKey: ["reach-findings"],
  queryFn: ({ signal }) => listReachFindings({ signal }),
  refetchInterval: LOOK_MS,
});

export interface LogFilter {
  channel?: string;
  status?: Status;
  userId?: string;
}

export function logQuery({ channel, status, userId }: LogFilter) {
  return infiniteQueryOptions({
    queryKey: ["delivery-log", { channel, status, userId }],
    queryFn: ({ pageParam, signal }) =>
      searchNotifications({
        query: {
          channel,
          status,
          user_id: userId,
          cursor: pageParam,
          limit: 50,
        },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  });
}
