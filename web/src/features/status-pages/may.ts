import { canEditTeam, canRespond, useMe } from "../../me";

interface Whose {
  team: { id: string } | null;
}

/** May I set this page up, and may I tell something on it? The server decides; this hides buttons. */
export function useMay(page: Whose | undefined) {
  const me = useMe();
  const team = page?.team;
  return {
    edit: team ? canEditTeam(me, team.id) : me.platform_admin,
    publish: team ? canRespond(me, team.id) : me.platform_admin,
  };
}
