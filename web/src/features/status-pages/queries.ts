import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getIncident,
  getStatusIncident,
  getStatusMaintenance,
  getStatusPage,
  getStatusPageCopies,
  listComponentUptimes,
  listStatusIncidents,
  listStatusMaintenances,
  listStatusPages,
  listStatusPageTokens,
  listStatusTemplates,
  type ProposalIn,
  proposeStatusIncident,
} from "../../api/generated";

const NO_CURSOR: string | null = null;
// work begins and ends, and what is scheduled is told, without anybody doing anything
const LOOK_MS = 30_000;

export function pagesQuery(teamId?: string) {
  return infiniteQueryOptions({
    queryKey: ["status-pages", "list", teamId],
    queryFn: ({ pageParam, signal }) =>
      listStatusPages({
        query: { team_id: teamId, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}

export function pageQuery(id: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", id],
    queryFn: ({ signal }) => getStatusPage({ path: { page_id: id }, signal }),
    refetchInterval: LOOK_MS,
  });
}

export function toldQuery(pageId: string) {
  return infiniteQueryOptions({
    queryKey: ["status-pages", "one", pageId, "incidents"],
    queryFn: ({ pageParam, signal }) =>
      listStatusIncidents({
        path: { page_id: pageId },
        query: { cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function statusIncidentQuery(id: string) {
  return queryOptions({
    queryKey: ["status-pages", "incident", id],
    queryFn: ({ signal }) =>
      getStatusIncident({ path: { status_incident_id: id }, signal }),
    refetchInterval: LOOK_MS,
  });
}

export function worksQuery(pageId: string) {
  return infiniteQueryOptions({
    queryKey: ["status-pages", "one", pageId, "maintenances"],
    queryFn: ({ pageParam, signal }) =>
      listStatusMaintenances({
        path: { page_id: pageId },
        query: { cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}

export function workQuery(id: string) {
  return queryOptions({
    queryKey: ["status-pages", "maintenance", id],
    queryFn: ({ signal }) =>
      getStatusMaintenance({ path: { maintenance_id: id }, signal }),
    refetchInterval: LOOK_MS,
  });
}

export function templatesQuery(pageId: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", pageId, "templates"],
    queryFn: ({ signal }) =>
      listStatusTemplates({ path: { page_id: pageId }, signal }),
  });
}

export function tokensQuery(pageId: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", pageId, "tokens"],
    queryFn: ({ signal }) =>
      listStatusPageTokens({ path: { page_id: pageId }, signal }),
  });
}

export function copiesQuery(pageId: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", pageId, "copies"],
    queryFn: ({ signal }) =>
      getStatusPageCopies({ path: { page_id: pageId }, signal }),
    refetchInterval: LOOK_MS,
  });
}

export function uptimeQuery(pageId: string) {
  return queryOptions({
    queryKey: ["status-pages", "one", pageId, "uptime"],
    queryFn: ({ signal }) =>
      listComponentUptimes({ path: { page_id: pageId }, signal }),
  });
}

/** The words of a template filled in; nothing is told by asking. */
export function proposalQuery(pageId: string, asked: ProposalIn) {
  return queryOptions({
    queryKey: ["status-proposals", pageId, asked],
    queryFn: ({ signal }) =>
      proposeStatusIncident({ path: { page_id: pageId }, body: asked, signal }),
    // it says what time it is, and what is open now
    staleTime: 0,
    retry: false,
  });
}

/** The incident of ours of which people are to be told. */
export function ownIncidentQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id],
    queryFn: ({ signal }) => getIncident({ path: { incident_id: id }, signal }),
  });
}
