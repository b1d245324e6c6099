import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Me } from "./api/generated";
import { getMe } from "./api/generated";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => getMe({ signal }),
  staleTime: 60_000,
});

/** The person who is signed in; every page inside the frame may ask. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

function role(me: Me, teamId: string) {
  return me.memberships.find((membership) => membership.team.id === teamId)
    ?.role;
}

/** May `me` acknowledge, resolve, … the incidents of this team? The server decides; this hides buttons. */
export function canRespond(me: Me, teamId: string): boolean {
  const has = role(me, teamId);
  return me.platform_admin || has === "team_admin" || has === "responder";
}

/** May `me` act on this incident: as one of its team, or because somebody asked me to help? */
export function canActOn(
  me: Me,
  incident: { team: { id: string }; responders: readonly { id: string }[] },
): boolean {
  return (
    canRespond(me, incident.team.id) ||
    incident.responders.some(({ id }) => id === me.id)
  );
}

/** May `me` change this team's services, schedules, policies and members? */
export function canEditTeam(me: Me, teamId: string): boolean {
  return me.platform_admin || role(me, teamId) === "team_admin";
}

/** The teams whose things `me` may create and change. */
export function editableTeams(me: Me) {
  return me.memberships
    .map((membership) => membership.team)
    .filter((team) => canEditTeam(me, team.id));
}
