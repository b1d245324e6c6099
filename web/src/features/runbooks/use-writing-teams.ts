import { useQuery } from "@tanstack/react-query";
import { teamsQuery } from "../../api/queries";
import { canRespond, useMe } from "../../me";

/** The teams that I may write runbooks for; a platform admin's are all. */
export function useWritingTeams(): readonly { id: string; name: string }[] {
  const me = useMe();
  const all = useQuery({ ...teamsQuery, enabled: me.platform_admin }).data;
  if (me.platform_admin) return all ?? [];
  return me.memberships
    .map(({ team }) => team)
    .filter(({ id }) => canRespond(me, id));
}
