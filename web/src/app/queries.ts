import { queryOptions } from "@tanstack/react-query";
import {
  getIncidentCounts,
  listIncidents,
  listMyNotifications,
  listMyOnCall,
} from "../api/generated";

export const myOnCallQuery = queryOptions({
  queryKey: ["on-call", "mine"],
  queryFn: ({ signal }) => listMyOnCall({ signal }),
  refetchInterval: 300_000,
});

export const countsQuery = queryOptions({
  queryKey: ["incidents", "counts"],
  queryFn: ({ signal }) => getIncidentCounts({ signal }),
});

export const newestQuery = queryOptions({
  queryKey: ["incidents", "newest"],
  queryFn: ({ signal }) =>
    listIncidents({ query: { status: "triggered", limit: 5 }, signal }),
});

export function findIncidentsQuery(text: string) {
  return queryOptions({
    queryKey: ["incidents", "find", text],
    queryFn: ({ signal }) =>
      listIncidents({
        query: { status: "all", query: text, limit: 7 },
        signal,
      }),
    enabled: text.length > 1,
  });
}

export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: ({ signal }) =>
    listMyNotifications({ query: { unread: true, limit: 5 }, signal }),
});
