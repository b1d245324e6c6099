import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getAlert, type ListAlertsData, listAlerts } from "../../api/generated";

type Query = NonNullable<ListAlertsData["query"]>;

const NO_CURSOR: string | null = null;

export type AlertFilters = Pick<
  Query,
  "status" | "severity" | "query" | "suppressed" | "unrouted"
>;

const STATUSES = ["open", "resolved", "all"] as const;
const SEVERITIES = ["critical", "error", "warning", "info"] as const;
export const CHOICES = { status: STATUSES, severity: SEVERITIES };

/** Of which alerts somebody is told, or who did not say where they belong. */
export const WHICH = {
  told: { label: "Somebody is told", asks: { suppressed: false } },
  quiet: { label: "Nobody is told", asks: { suppressed: true } },
  unrouted: { label: "Unrouted", asks: { unrouted: true } },
} as const;
export type Which = keyof typeof WHICH;

export function isWhich(text: string | undefined): text is Which {
  return text !== undefined && text in WHICH;
}

/** The filters that an address asks for. */
export function filtersOf(
  search: Readonly<Record<string, string>>,
): AlertFilters {
  return {
    status: STATUSES.find((each) => each === search.status) ?? "open",
    severity: SEVERITIES.find((each) => each === search.severity),
    query: search.query,
    ...(isWhich(search.which) ? WHICH[search.which].asks : {}),
  };
}

export function listQuery(filters: AlertFilters) {
  return infiniteQueryOptions({
    queryKey: ["alerts", "list", filters],
    queryFn: ({ pageParam, signal }) =>
      listAlerts({
        query: { ...filters, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) => getAlert({ path: { alert_id: id }, signal }),
  });
}
