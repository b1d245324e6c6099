import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import type { IncidentDetail, PageIncidentOut } from "../../api/generated";
import { canActOn, useMe } from "../../me";

type List = InfiniteData<PageIncidentOut, string | null>;

/** What the lists know of an incident: enough to act on it where its page cannot be fetched. */
export function useSeenInLists(idOrNumber: string): IncidentDetail | undefined {
  const queryClient = useQueryClient();
  const me = useMe();
  const row = queryClient
    .getQueriesData<List>({ queryKey: ["incidents", "list"] })
    .flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? [])
    .find(({ id, number }) => [id, String(number)].includes(idOrNumber));
  if (!row) return undefined;
  const more = { merged: [], escalation: null };
  return { ...row, ...more, can_respond: canActOn(me, row) };
}
