import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getService,
  getServiceAlertSettings,
  getServiceDependencies,
  getServiceTransfer,
  listIncidents,
  listServiceChanges,
  listServiceIntegrations,
  listServices,
  listServiceTransfers,
} from "../../api/generated";

const NO_CURSOR: string | null = null;

/** What a change of a service makes stale. */
export const STALE = [["services"], ["service-states"]] as const;

/** What is looked for, as it is in the address. */
export interface Filters {
  query: string;
  team_id?: string;
  tag?: string;
  tier?: string;
  lifecycle?: string;
  burning?: string;
}

const LIFECYCLES = ["active", "deprecated", "archived"] as const;

export function listQuery({ tier, lifecycle, burning, ...more }: Filters) {
  const wanted = {
    ...more,
    tier: tier ? Number(tier) : undefined,
    lifecycle: LIFECYCLES.find((each) => each === lifecycle),
    burning: burning === "1",
  };
  return infiniteQueryOptions({
    queryKey: ["service-states", "list", wanted],
    queryFn: ({ pageParam, signal }) =>
      listServices({
        query: { ...wanted, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function serviceQuery(id: string) {
  return queryOptions({
    queryKey: ["service-states", id],
    queryFn: ({ signal }) => getService({ path: { service_id: id }, signal }),
  });
}

export const transfersQuery = queryOptions({
  queryKey: ["services", "transfers"],
  queryFn: ({ signal }) => listServiceTransfers({ signal }),
});

/** The offer of a service that waits for an answer, or null. */
export function transferQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id, "transfer"],
    queryFn: ({ signal }) =>
      getServiceTransfer({ path: { service_id: id }, signal }),
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

/** Deployments and others of the last 30 days. */
export function serviceChangesQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id, "changes"],
    queryFn: ({ signal }) =>
      listServiceChanges({ path: { service_id: id }, signal }),
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
