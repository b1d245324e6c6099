import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getAuditState, listAuditEntries } from "../../api/generated";

const NO_CURSOR: string | null = null;

/** Which entries; dates are instants. */
export interface AuditFilter {
  kind?: string;
  object_id?: string;
  actor_id?: string;
  request_id?: string;
  team_id?: string;
  since?: string;
  until?: string;
}

export function entriesQuery(wanted: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", "entries", wanted],
    queryFn: ({ pageParam, signal }) =>
      listAuditEntries({
        query: { ...wanted, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export const auditStateQuery = queryOptions({
  queryKey: ["audit", "state"],
  queryFn: ({ signal }) => getAuditState({ signal }),
});
