import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getMyFactors,
  listApiKeys,
  listMyNotifications,
  listNotificationRules,
  listSessions,
} from "../../api/generated";

const NO_CURSOR: string | null = null;

export function rulesQuery(userId: string) {
  return queryOptions({
    queryKey: ["notification-rules", userId],
    queryFn: ({ signal }) =>
      listNotificationRules({ path: { user_id: userId }, signal }),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => listSessions({ signal }),
});

export const factorsQuery = queryOptions({
  queryKey: ["factors"],
  queryFn: ({ signal }) => getMyFactors({ signal }),
});

export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) => listApiKeys({ signal }),
});

export function noticesQuery() {
  return infiniteQueryOptions({
    queryKey: ["notifications", "mine"],
    queryFn: ({ pageParam, signal }) =>
      listMyNotifications({ query: { cursor: pageParam, limit: 30 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}
