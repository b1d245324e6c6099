import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from "@tanstack/react-query";
import {
  diffRunbookVersion,
  getRunbook,
  getRunbookForm,
  getRunbookRun,
  getRunbookSettings,
  getRunbookVersion,
  type ListRunbookRunsData,
  type ListRunbooksData,
  listIncidents,
  listRunbookApprovers,
  listRunbookEmergencies,
  listRunbookRunLines,
  listRunbookRuns,
  listRunbooks,
  listRunbookTargets,
  listTargetConnections,
  type RunLines,
} from "../../api/generated";
import { isOver } from "../../ui/run-states";

// output arrives without an event for each line
const LOOK_MS = 1_500;
const MOST_LINES = 1000;
const NO_CURSOR: string | null = null;

type Wanted = Omit<NonNullable<ListRunbooksData["query"]>, "cursor" | "limit">;
type WantedRuns = Omit<
  NonNullable<ListRunbookRunsData["query"]>,
  "cursor" | "limit"
>;

export function libraryQuery(wanted: Wanted) {
  return infiniteQueryOptions({
    queryKey: ["runbooks", "list", wanted],
    queryFn: ({ pageParam, signal }) =>
      listRunbooks({
        query: { ...wanted, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function runbookQuery(id: string) {
  return queryOptions({
    queryKey: ["runbooks", id],
    queryFn: ({ signal }) => getRunbook({ path: { runbook_id: id }, signal }),
  });
}

export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["runbooks", id, "versions", number],
    queryFn: ({ signal }) =>
      getRunbookVersion({ path: { runbook_id: id, number }, signal }),
  });
}

export function diffQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["runbooks", id, "versions", number, "diff"],
    queryFn: ({ signal }) =>
      diffRunbookVersion({ path: { runbook_id: id, number }, signal }),
  });
}

/** When a version was let run without an approval. */
export function emergenciesQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["runbooks", id, "versions", number, "emergencies"],
    queryFn: ({ signal }) =>
      listRunbookEmergencies({ path: { runbook_id: id, number }, signal }),
  });
}

/** What is going on now, to choose from. */
export const openIncidentsQuery = queryOptions({
  queryKey: ["incidents", "open", "to-choose"],
  queryFn: ({ signal }) => listIncidents({ query: { limit: 100 }, signal }),
  select: ({ items }) =>
    items
      .filter(({ status }) => status !== "resolved")
      .map(({ id, number, title }) => ({
        value: id,
        label: `#${number} ${title}`,
      })),
});

/** What to fill in before a run, from the incident where there is one. */
export function formQuery(
  id: string,
  incidentId: string | undefined,
  version?: number,
) {
  return queryOptions({
    queryKey: ["runbooks", id, "form", incidentId ?? "", version ?? ""],
    queryFn: ({ signal }) =>
      getRunbookForm({
        path: { runbook_id: id },
        query: { incident_id: incidentId, version },
        signal,
      }),
  });
}

export function runsQuery(wanted: WantedRuns) {
  return infiniteQueryOptions({
    queryKey: ["runbook-runs", "list", wanted],
    queryFn: ({ pageParam, signal }) =>
      listRunbookRuns({
        query: { ...wanted, cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ["runbook-runs", id],
    queryFn: ({ signal }) => getRunbookRun({ path: { run_id: id }, signal }),
  });
}

/** Its output so far; each look asks only for what is new. */
export function linesQuery(id: string) {
  const queryKey = ["runbook-runs", id, "lines"];
  return queryOptions({
    queryKey,
    queryFn: async ({ client, signal }): Promise<RunLines> => {
      const known = client.getQueryData<RunLines>(queryKey)?.items ?? [];
      const { items, state } = await listRunbookRunLines({
        path: { run_id: id },
        query: { after: known.at(-1)?.number ?? 0, limit: MOST_LINES },
        signal,
      });
      return { items: [...known, ...items], state };
    },
    refetchInterval: ({ state: { data } }) =>
      data && isOver(data.state) ? false : LOOK_MS,
  });
}

/** The kinds of systems that run something, with their forms. */
export const targetsQuery = queryOptions({
  queryKey: ["runbook-targets"],
  queryFn: ({ signal }) => listRunbookTargets({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The connections that a team may use, or all. */
export function connectionsQuery(teamId?: string) {
  return queryOptions({
    queryKey: ["target-connections", teamId ?? "all"],
    queryFn: ({ signal }) =>
      listTargetConnections({
        query: { team_id: teamId, limit: 100 },
        signal,
      }),
    select: ({ items }) => items,
  });
}

export const settingsQuery = queryOptions({
  queryKey: ["runbooks", "settings"],
  queryFn: ({ signal }) => getRunbookSettings({ signal }),
});

export function approversQuery(teamId: string) {
  return queryOptions({
    queryKey: ["runbooks", "approvers", teamId],
    queryFn: ({ signal }) =>
      listRunbookApprovers({ path: { team_id: teamId }, signal }),
  });
}
