import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  type ExplainIn,
  explain,
  getService,
  getWorkflowRun,
  listEscalationPolicies,
  listIntegrationKinds,
  listMaintenanceWindows,
  listMembers,
  listRooms,
  listSchedules,
  listServices,
  listServiceTags,
  listStatusPages,
  listTeams,
  listUsers,
  listWorkflowRuns,
} from "./generated";

/** Lists that several features choose from. */
export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  queryFn: ({ signal }) => listTeams({ signal }),
});

export function membersQuery(teamId: string) {
  return queryOptions({
    queryKey: ["teams", teamId, "members"],
    queryFn: ({ signal }) => listMembers({ path: { team_id: teamId }, signal }),
  });
}

export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: ({ signal }) => listEscalationPolicies({ signal }),
});

/** Where teams read together: of one team, or of all. */
export function roomsQuery(teamId?: string) {
  return queryOptions({
    queryKey: ["rooms", teamId ?? "all"],
    queryFn: ({ signal }) =>
      listRooms({ query: teamId ? { team_id: teamId } : {}, signal }),
  });
}

export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: ({ signal }) => listSchedules({ signal }),
});

export const kindsQuery = queryOptions({
  queryKey: ["integration-kinds"],
  queryFn: ({ signal }) => listIntegrationKinds({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const serviceTagsQuery = queryOptions({
  queryKey: ["services", "tags"],
  queryFn: ({ signal }) => listServiceTags({ signal }),
});

/** The first services whose name fits. */
export function findServicesQuery(text: string) {
  return queryOptions({
    queryKey: ["services", "find", text],
    queryFn: ({ signal }) =>
      listServices({ query: { query: text, limit: 50 }, signal }),
  });
}

export function oneServiceQuery(id: string) {
  return queryOptions({
    queryKey: ["services", id],
    queryFn: ({ signal }) => getService({ path: { service_id: id }, signal }),
  });
}

/** The first people whose name or address fits. */
export function findPeopleQuery(text: string) {
  return queryOptions({
    queryKey: ["users", "find", text],
    queryFn: ({ signal }) =>
      listUsers({ query: { query: text, limit: 20 }, signal }),
  });
}

/** The newest maintenance windows: what is under way is among them. */
export const maintenanceQuery = queryOptions({
  queryKey: ["maintenance", "newest"],
  queryFn: ({ signal }) =>
    listMaintenanceWindows({ query: { limit: 100 }, signal }),
  select: ({ items }) => items.filter(({ state }) => state !== "over"),
  staleTime: 60_000,
});

/** The pages on which people outside are told. */
export const statusPagesQuery = queryOptions({
  queryKey: ["status-pages", "choices"],
  queryFn: ({ signal }) => listStatusPages({ query: { limit: 100 }, signal }),
  select: ({ items }) => items,
  staleTime: 60_000,
});

/** Who would be paged in the hour after an instant; nothing is changed by asking. */
export function explainQuery(question: ExplainIn) {
  return queryOptions({
    queryKey: ["explain", question],
    queryFn: ({ signal }) => explain({ body: question, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

const RUN_STEPS_MS = 15_000; // told of at once; this is for what was missed

/** What workflows have done for an incident, the newest first. */
export function incidentRunsQuery(incidentId: string) {
  return queryOptions({
    queryKey: ["workflow-runs", "incident", incidentId],
    queryFn: ({ signal }) =>
      listWorkflowRuns({
        query: { incident_id: incidentId, limit: 20 },
        signal,
      }),
  });
}

/** One run with its steps; looked at again while it goes on. */
export function workflowRunQuery(id: string) {
  return queryOptions({
    queryKey: ["workflow-runs", id],
    queryFn: ({ signal }) =>
      getWorkflowRun({ path: { workflow_run_id: id }, signal }),
    refetchInterval: ({ state: { data } }) =>
      !data || data.ended_at ? false : RUN_STEPS_MS,
  });
}
