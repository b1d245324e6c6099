import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getRetention, listLimitViolations } from "../../api/generated";

const NO_CURSOR: string | null = null;
const LOOK_MS = 30_000;

export function violationsQuery() {
  return infiniteQueryOptions({
    queryKey: ["limit-violations"],
    queryFn: ({ pageParam, signal }) =>
      listLimitViolations({ query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}

export function retentionQuery() {
  return queryOptions({
    queryKey: ["retention"],
    queryFn: ({ signal }) => getRetention({ signal }),
  });
}
