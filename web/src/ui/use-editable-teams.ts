import { useQuery } from "@tanstack/react-query";
import { teamsQuery } from "../api/queries";
import { editableTeams, useMe } from "../me";

interface TeamRef {
  id: string;
  name: string;
}

/** The teams whose things I may create and change; a platform admin's are all. */
export function useEditableTeams(): readonly TeamRef[] {
  const me = useMe();
  const all = useQuery({ ...teamsQuery, enabled: me.platform_admin }).data;
  return me.platform_admin ? (all ?? []) : editableTeams(me);
}
