import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { type AuditEntry, getUser } from "../../api/generated";
import { roomsQuery, schedulesQuery, teamsQuery } from "../../api/queries";
import { policyColumn, targetsIn } from "./policy-words";
import { rowsOf } from "./words";

function personQuery(id: string) {
  return queryOptions({
    queryKey: ["users", id, "name"],
    queryFn: ({ signal }) => getUser({ path: { user_id: id }, signal }),
    retry: false,
  });
}

/** How the columns of what an entry is about are said: those of a policy in words. */
export function useSaid(entry: AuditEntry) {
  const { before, after } = rowsOf(entry);
  const named =
    entry.object_kind === "escalation_policy" ? targetsIn(before, after) : [];
  const of = (kind: string) => named.some((target) => target.kind === kind);
  const people = useQueries({
    queries: named
      .filter(({ kind }) => kind === "user")
      .map(({ id }) => personQuery(id)),
  });
  const teams = useQuery({ ...teamsQuery, enabled: of("team") }).data ?? [];
  const schedules =
    useQuery({ ...schedulesQuery, enabled: of("schedule") }).data ?? [];
  const rooms = useQuery({ ...roomsQuery(), enabled: of("room") }).data ?? [];
  const known = [
    ...people.flatMap(({ data }) => data ?? []),
    ...teams,
    ...schedules,
    ...rooms,
  ];
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return (column: string, value: unknown) =>
    entry.object_kind === "escalation_policy"
      ? policyColumn(column, value, names)
      : undefined;
}
