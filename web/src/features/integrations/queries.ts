import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useQuery,
} from "@tanstack/react-query";
import {
  type Disposition,
  getAlert,
  getIntegration,
  getIntegrationHealth,
  getIntegrationSettings,
  getIntegrationSetup,
  getRequest,
  getSigning,
  listAlerts,
  listIntegrations,
  listRequests,
  listUnreadRequests,
  previewMapping,
} from "../../api/generated";

const NO_CURSOR: string | null = null;
const WAITING_MS = 2_000;
const SETTLED_MS = 30_000;

export function listQuery() {
  return infiniteQueryOptions({
    queryKey: ["integrations", "list"],
    queryFn: ({ pageParam, signal }) =>
      listIntegrations({ query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One integration; looks often while nothing has arrived yet. */
export function integrationQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", id],
    queryFn: ({ signal }) =>
      getIntegration({ path: { integration_id: id }, signal }),
    refetchInterval: ({ state }) =>
      state.data && !state.data.last_event_at && !state.data.disabled_at
        ? WAITING_MS
        : SETTLED_MS,
  });
}

export function setupQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", id, "setup"],
    queryFn: ({ signal }) =>
      getIntegrationSetup({ path: { integration_id: id }, signal }),
  });
}

/** How much it sent in the last day, and what came of it. */
export function healthQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", id, "health"],
    queryFn: ({ signal }) =>
      getIntegrationHealth({ path: { integration_id: id }, signal }),
    refetchInterval: SETTLED_MS,
  });
}

export function signingQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", id, "signing"],
    queryFn: ({ signal }) =>
      getSigning({ path: { integration_id: id }, signal }),
  });
}

export function settingsQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", id, "settings"],
    queryFn: ({ signal }) =>
      getIntegrationSettings({ path: { integration_id: id }, signal }),
  });
}

/** The last requests as these settings would read them. */
export function previewQuery(id: string, values: Record<string, unknown>) {
  return queryOptions({
    queryKey: ["integrations", id, "preview", values],
    queryFn: ({ signal }) =>
      previewMapping({
        path: { integration_id: id },
        body: { values },
        signal,
      }),
    retry: false,
  });
}

/** A key that was made just now: the server never tells it again. */
export interface FreshKey {
  routing_key: string;
  setup: string;
}

function freshKey(id: string) {
  return ["fresh-key", id];
}

/** The key made just now for this integration: in memory only, until the page is loaded anew. */
export function useFreshKey(id: string): FreshKey | null {
  return (
    useQuery<FreshKey | null>({
      queryKey: freshKey(id),
      queryFn: () => null,
      enabled: false,
    }).data ?? null
  );
}

export function keepFreshKey(
  queryClient: QueryClient,
  id: string,
  { routing_key, setup }: FreshKey,
) {
  queryClient.setQueryData<FreshKey>(freshKey(id), { routing_key, setup });
}

/** Forget it if it is the one that begins like this. */
export function forgetFreshKey(
  queryClient: QueryClient,
  id: string,
  prefix: string,
) {
  const kept = queryClient.getQueryData<FreshKey | null>(freshKey(id));
  if (kept?.routing_key.startsWith(prefix))
    queryClient.setQueryData(freshKey(id), null);
}

export function requestsQuery(id: string, outcome: Disposition | undefined) {
  return infiniteQueryOptions({
    queryKey: ["integrations", id, "requests", outcome],
    queryFn: ({ pageParam, signal }) =>
      listRequests({
        path: { integration_id: id },
        query: { outcome, cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: SETTLED_MS / 3,
  });
}

export function requestQuery(id: string) {
  return queryOptions({
    queryKey: ["requests", id],
    queryFn: ({ signal }) => getRequest({ path: { request_id: id }, signal }),
  });
}

export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) => getAlert({ path: { alert_id: id }, signal }),
  });
}

/** What no integration could read, of all of them. */
export function unreadQuery() {
  return infiniteQueryOptions({
    queryKey: ["integrations", "unread"],
    queryFn: ({ pageParam, signal }) =>
      listUnreadRequests({ query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: SETTLED_MS,
  });
}

/** Open alerts that nothing but the catch-all took. */
export function unroutedQuery() {
  return infiniteQueryOptions({
    queryKey: ["alerts", "unrouted"],
    queryFn: ({ pageParam, signal }) =>
      listAlerts({
        query: { status: "open", unrouted: true, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: SETTLED_MS,
  });
}
