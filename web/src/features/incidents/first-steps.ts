import { queryOptions } from "@tanstack/react-query";
import {
  listIntegrations,
  listServiceIntegrations,
  listServices,
  type Me,
} from "../../api/generated";
import { editableTeams } from "../../me";

/** Whether nothing could page anybody yet, and it is up to this person to change that. */
export function needsSetUpQuery(me: Me) {
  const team = editableTeams(me)[0];
  return queryOptions({
    queryKey: ["first-steps", team?.id ?? null],
    queryFn: async ({ signal }) => {
      if (me.platform_admin)
        return isEmpty(await listIntegrations({ query: { limit: 1 }, signal }));
      if (!team) return false;
      const { items } = await listServices({
        query: { team_id: team.id, limit: 1 },
        signal,
      });
      const service = items[0];
      if (!service) return true;
      const path = { service_id: service.id };
      return (await listServiceIntegrations({ path, signal })).length === 0;
    },
    enabled: me.platform_admin || team !== undefined,
    // whoever comes back may have done it just now
    staleTime: 0,
  });
}

function isEmpty({ items }: { items: readonly unknown[] }): boolean {
  return items.length === 0;
}
