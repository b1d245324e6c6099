import { queryOptions } from "@tanstack/react-query";
import { getIncidentPlan, getIncidentWhy } from "../../api/generated";

const REFRESH_MS = 30_000; // schedules and rules may change meanwhile

/** What is still to come, if nobody does anything. */
export function planQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id, "plan"],
    queryFn: ({ signal }) =>
      getIncidentPlan({ path: { incident_id: id }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.due_at || state.data?.pending.length ? REFRESH_MS : false,
  });
}

/** Why everybody was paged, or was not. */
export function whyQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id, "why"],
    queryFn: ({ signal }) =>
      getIncidentWhy({ path: { incident_id: id }, signal }),
  });
}
