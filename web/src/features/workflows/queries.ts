import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import {
  checkWorkflow,
  compareWorkflowVersions,
  getEventSubscription,
  getWorkflow,
  getWorkflowStatistics,
  getWorkflowVersion,
  getWorkflowVocabulary,
  listEventDeliveries,
  listEventSubscriptions,
  listIncidents,
  listWorkflowHooks,
  listWorkflowRuns,
  listWorkflowSecrets,
  listWorkflowSummaries,
  listWorkflows,
  listWorkflowTemplates,
  listWorkflowVersions,
  type WorkflowContent,
} from "../../api/generated";

const DELIVERIES_MS = 5_000;

export const workflowsQuery = infiniteQueryOptions({
  queryKey: ["workflows", "list"],
  queryFn: ({ pageParam, signal }) =>
    listWorkflows({ query: { cursor: pageParam, limit: 100 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

export const summariesQuery = queryOptions({
  queryKey: ["workflow-runs", "summaries"],
  queryFn: ({ signal }) => listWorkflowSummaries({ signal }),
});

export function workflowQuery(id: string) {
  return queryOptions({
    queryKey: ["workflows", id],
    queryFn: ({ signal }) => getWorkflow({ path: { workflow_id: id }, signal }),
  });
}

export function versionsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["workflows", id, "versions"],
    queryFn: ({ pageParam, signal }) =>
      listWorkflowVersions({
        path: { workflow_id: id },
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** A version never changes. */
export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["workflow-versions", id, number],
    queryFn: ({ signal }) =>
      getWorkflowVersion({ path: { workflow_id: id, number }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function comparisonQuery(id: string, before: number, after: number) {
  return queryOptions({
    queryKey: ["workflow-versions", id, "comparison", before, after],
    queryFn: ({ signal }) =>
      compareWorkflowVersions({
        path: { workflow_id: id },
        query: { before, after },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function statisticsQuery(id: string) {
  return queryOptions({
    queryKey: ["workflow-runs", "statistics", id],
    queryFn: ({ signal }) =>
      getWorkflowStatistics({ path: { workflow_id: id }, signal }),
  });
}

export function hooksQuery(id: string) {
  return queryOptions({
    queryKey: ["workflows", id, "hooks"],
    queryFn: ({ signal }) =>
      listWorkflowHooks({ path: { workflow_id: id }, signal }),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ["workflow-templates"],
  queryFn: ({ signal }) => listWorkflowTemplates({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const vocabularyQuery = queryOptions({
  queryKey: ["workflow-vocabulary"],
  queryFn: ({ signal }) => getWorkflowVocabulary({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is wrong with a graph; the answer before stays while one waits. */
export function checkQuery(teamId: string | null, content: WorkflowContent) {
  return queryOptions({
    queryKey: ["workflow-checks", teamId, content],
    queryFn: ({ signal }) =>
      checkWorkflow({ body: { team_id: teamId, content }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
    meta: { showsErrors: true },
  });
}

/** The names that workflows of a team, or of all, may use. */
export function secretsQuery(teamId: string | null) {
  return queryOptions({
    queryKey: ["workflow-secrets", teamId],
    queryFn: ({ signal }) =>
      listWorkflowSecrets({
        query: teamId ? { team_id: teamId } : {},
        signal,
      }),
  });
}

export function runsQuery(workflowId: string) {
  return infiniteQueryOptions({
    queryKey: ["workflow-runs", "list", workflowId],
    queryFn: ({ pageParam, signal }) =>
      listWorkflowRuns({
        query: { workflow_id: workflowId, cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Incidents of the past to try a workflow on. */
export const pastIncidentsQuery = queryOptions({
  queryKey: ["incidents", "to-try"],
  queryFn: ({ signal }) => listIncidents({ query: { limit: 50 }, signal }),
});

// -- subscriptions ----------------------------------------------------------------

export const subscriptionsQuery = queryOptions({
  queryKey: ["event-subscriptions", "list"],
  queryFn: ({ signal }) => listEventSubscriptions({ signal }),
});

export function subscriptionQuery(id: string) {
  return queryOptions({
    queryKey: ["event-subscriptions", id],
    queryFn: ({ signal }) =>
      getEventSubscription({ path: { subscription_id: id }, signal }),
  });
}

export function deliveriesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["event-subscriptions", id, "deliveries"],
    queryFn: ({ pageParam, signal }) =>
      listEventDeliveries({
        path: { subscription_id: id },
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: DELIVERIES_MS,
  });
}
