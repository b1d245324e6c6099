import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getPartner,
  getStatusPage,
  listPagePartners,
  listPartnerAccesses,
  listPartnerRequests,
  listPartnerSessions,
  listPartners,
  listStatusPages,
  type PartnerAccess,
  type Standing,
} from "../../api/generated";

const NO_CURSOR: string | null = null;
const MOST_PAGES = 100;
const LOOK_MS = 30_000;

/** All of it begins so: a change makes everything about partners stale. */
export const PARTNERS = ["partners"] as const;

export function partnersQuery(query: string, standing: Standing | undefined) {
  return infiniteQueryOptions({
    queryKey: [...PARTNERS, "list", query, standing],
    queryFn: ({ pageParam, signal }) =>
      listPartners({
        query: { query, standing, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function partnerQuery(id: string) {
  return queryOptions({
    queryKey: [...PARTNERS, "one", id],
    queryFn: ({ signal }) => getPartner({ path: { partner_id: id }, signal }),
  });
}

export function requestsQuery(decided: boolean) {
  return infiniteQueryOptions({
    queryKey: [...PARTNERS, "requests", decided],
    queryFn: ({ pageParam, signal }) =>
      listPartnerRequests({
        query: { decided, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function sessionsQuery(partnerId?: string) {
  return queryOptions({
    queryKey: [...PARTNERS, "sessions", partnerId],
    queryFn: ({ signal }) =>
      listPartnerSessions({ query: { partner_id: partnerId }, signal }),
    refetchInterval: LOOK_MS,
  });
}

export interface AccessFilter {
  kind?: PartnerAccess["kind"] | undefined;
  query?: string | undefined;
  partner_id?: string | undefined;
  since?: string | undefined;
}

export function accessesQuery(wanted: AccessFilter) {
  return infiniteQueryOptions({
    queryKey: [...PARTNERS, "accesses", wanted],
    queryFn: ({ pageParam, signal }) =>
      listPartnerAccesses({
        query: { ...wanted, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}

/** The pages that can be granted. */
export const pageChoicesQuery = queryOptions({
  queryKey: ["status-pages", "for-partners"],
  queryFn: async ({ signal }) =>
    (await listStatusPages({ query: { limit: MOST_PAGES }, signal })).items,
});

/** A page with its components, in order. */
export function pageQuery(id: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", id],
    queryFn: ({ signal }) => getStatusPage({ path: { page_id: id }, signal }),
  });
}

/** Everybody who could see a page, and what each may see of it. */
export function pagePartnersQuery(pageId: string) {
  return queryOptions({
    queryKey: [...PARTNERS, "of-page", pageId],
    queryFn: ({ signal }) =>
      listPagePartners({ path: { page_id: pageId }, signal }),
  });
}
