import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getAlert,
  getIncident,
  getIncidentCounts,
  type IncidentOut,
  listEscalationPolicies,
  listIncidentAlerts,
  listIncidentEvents,
  listIncidentNotifications,
  listIncidents,
  listSavedViews,
  listServices,
  listTeams,
} from "../../api/generated";
import type { Refresh } from "../../realtime";
import { type Filters, queryOf } from "./filters";
import { refreshRows, rowsOf } from "./refresh-rows";

const NO_CURSOR: string | null = null;

// the first screen waits for no more than it shows; whoever scrolls on gets more at a time
const FIRST = 50;
const MORE = 100;

export function listQuery(filters: Filters) {
  const ask = (cursor: string | null, signal?: AbortSignal) =>
    listIncidents({
      query: {
        ...queryOf(filters),
        cursor,
        limit: cursor === null ? FIRST : MORE,
      },
      signal,
    });
  const refresh: Refresh = (queryClient, query, ids) =>
    refreshRows(queryClient, query, ids, (cursor) => ask(cursor));
  return infiniteQueryOptions({
    queryKey: ["incidents", "list", filters],
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal).then(rowsOf),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    meta: { refresh },
  });
}

// no more can be changed at once
const MOST_AT_ONCE = 10_000;

/** Everything that fits the filters, not only what is shown. */
export async function everyIncident(filters: Filters): Promise<IncidentOut[]> {
  const all: IncidentOut[] = [];
  let cursor = NO_CURSOR;
  do {
    const query = { ...queryOf(filters), cursor, limit: 100 };
    const page = await listIncidents({ query });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && all.length < MOST_AT_ONCE);
  return all.slice(0, MOST_AT_ONCE);
}

export const countsQuery = queryOptions({
  queryKey: ["incidents", "counts"],
  queryFn: ({ signal }) => getIncidentCounts({ signal }),
});

export const savedViewsQuery = queryOptions({
  queryKey: ["saved-views"],
  queryFn: ({ signal }) => listSavedViews({ signal }),
});

/** One incident, by its id or by the number in an address. */
export function incidentQuery(idOrNumber: string) {
  return queryOptions({
    queryKey: ["incident", idOrNumber],
    queryFn: ({ signal }) =>
      getIncident({ path: { incident_id: idOrNumber }, signal }),
  });
}

export function timelineQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["incident", id, "timeline"],
    queryFn: ({ pageParam, signal }) =>
      listIncidentEvents({
        path: { incident_id: id },
        query: { cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function alertsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["incident", id, "alerts"],
    queryFn: ({ pageParam, signal }) =>
      listIncidentAlerts({
        path: { incident_id: id },
        query: { cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function notificationsQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id, "notifications"],
    queryFn: ({ signal }) =>
      listIncidentNotifications({ path: { incident_id: id }, signal }),
  });
}

export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  queryFn: ({ signal }) => listTeams({ signal }),
});

export const servicesQuery = queryOptions({
  queryKey: ["services", "choices"],
  queryFn: ({ signal }) => listServices({ query: { limit: 100 }, signal }),
});

export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: ({ signal }) => listEscalationPolicies({ signal }),
});

export function findQuery(text: string) {
  return queryOptions({
    queryKey: ["incidents", "merge-into", text],
    queryFn: ({ signal }) =>
      listIncidents({
        query: { status: "open", query: text || undefined, limit: 20 },
        signal,
      }),
  });
}

export function lastPayloadQuery(alertId: string) {
  return queryOptions({
    queryKey: ["alerts", "one", alertId],
    queryFn: ({ signal }) => getAlert({ path: { alert_id: alertId }, signal }),
  });
}
