import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  countStatusSubscribers,
  listStatusSubscribers,
} from "../../api/generated";

const NO_CURSOR: string | null = null;

export const SUBSCRIBERS = ["status-subscribers"];

export function subscribersQuery(pageId: string, query: string) {
  return infiniteQueryOptions({
    queryKey: [...SUBSCRIBERS, pageId, "list", query],
    queryFn: ({ pageParam, signal }) =>
      listStatusSubscribers({
        path: { page_id: pageId },
        query: { query, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function countsQuery(pageId: string) {
  return queryOptions({
    queryKey: [...SUBSCRIBERS, pageId, "counts"],
    queryFn: ({ signal }) =>
      countStatusSubscribers({ path: { page_id: pageId }, signal }),
    // messages leave one after the other
    refetchInterval: 10_000,
  });
}
