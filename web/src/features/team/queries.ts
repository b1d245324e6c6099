import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getTeam,
  getUser,
  listContactMethods,
  listPeopleWithoutSecondFactor,
  listServiceAccountKeys,
  listServiceAccounts,
  listServices,
  listShifts,
  listUsers,
  type Role,
} from "../../api/generated";

const NO_CURSOR: string | null = null;

export const ROLES: readonly { value: Role; label: string; means: string }[] = [
  {
    value: "responder",
    label: "Responder",
    means: "is paged, acknowledges and resolves",
  },
  {
    value: "team_admin",
    label: "Team admin",
    means: "also changes what the team owns",
  },
  { value: "observer", label: "Observer", means: "only looks" },
];

export function roleName(role: Role): string {
  return ROLES.find(({ value }) => value === role)?.label ?? role;
}

export function peopleQuery(query: string) {
  return infiniteQueryOptions({
    queryKey: ["users", "list", query],
    queryFn: ({ pageParam, signal }) =>
      listUsers({ query: { query, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function userQuery(id: string) {
  return queryOptions({
    queryKey: ["users", id],
    queryFn: ({ signal }) => getUser({ path: { user_id: id }, signal }),
  });
}

export function contactMethodsQuery(id: string) {
  return queryOptions({
    queryKey: ["users", id, "contact-methods"],
    queryFn: ({ signal }) =>
      listContactMethods({ path: { user_id: id }, signal }),
  });
}

export function shiftsQuery(scheduleId: string, start: string, end: string) {
  return queryOptions({
    queryKey: ["schedules", scheduleId, "shifts", start, end],
    queryFn: ({ signal }) =>
      listShifts({
        path: { schedule_id: scheduleId },
        query: { start, end },
        signal,
      }),
  });
}

export function teamQuery(id: string) {
  return queryOptions({
    queryKey: ["teams", id],
    queryFn: ({ signal }) => getTeam({ path: { team_id: id }, signal }),
  });
}

export function ownedServicesQuery(id: string) {
  return queryOptions({
    queryKey: ["services", "of-team", id],
    queryFn: ({ signal }) =>
      listServices({ query: { team_id: id, limit: 100 }, signal }),
  });
}

export const programsQuery = queryOptions({
  queryKey: ["service-accounts"],
  queryFn: ({ signal }) => listServiceAccounts({ signal }),
});

export function programKeysQuery(id: string) {
  return queryOptions({
    queryKey: [...programsQuery.queryKey, id, "keys"],
    queryFn: ({ signal }) =>
      listServiceAccountKeys({ path: { account_id: id }, signal }),
  });
}

export const withoutFactorQuery = queryOptions({
  queryKey: ["people-without-second-factor"],
  queryFn: ({ signal }) => listPeopleWithoutSecondFactor({ signal }),
});
