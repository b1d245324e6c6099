import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getService,
  getServiceAlertSettings,
  getServiceDependencies,
  listIncidents,
  listServiceIntegrations,
  listServices,
} from "../../api/generated";

const NO_CURSOR: string | null = null;

export function listQuery(query: string, teamId: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["services", "list", query, teamId],
    queryFn: ({ pageParam, signal }) =>
      listServices({
        query: { query, team_id: teamId, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function serviceQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id],
    queryFn: ({ signal }) => getService({ path: { service_id: id }, signal }),
  });
}

export function alertSettingsQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id, "alert-settings"],
    queryFn: ({ signal }) =>
      getServiceAlertSettings({ path: { service_id: id }, signal }),
  });
}

export function dependenciesQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id, "dependencies"],
    queryFn: ({ signal }) =>
      getServiceDependencies({ path: { service_id: id }, signal }),
  });
}

export function serviceIntegrationsQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", "of", id],
    queryFn: ({ signal }) =>
      listServiceIntegrations({ path: { service_id: id }, signal }),
  });
}

export function serviceIncidentsQuery(id: string) {
  return queryOptions({
    queryKey: ["incidents", "of-service", id],
    queryFn: ({ signal }) =>
      listIncidents({
        query: { service_id: id, status: "all", limit: 5 },
        signal,
      }),
  });
}
