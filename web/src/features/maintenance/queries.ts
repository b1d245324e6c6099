import { infiniteQueryOptions } from "@tanstack/react-query";
import { listMaintenanceWindows } from "../../api/generated";

const NO_CURSOR: string | null = null;
// a window begins and ends without anybody doing anything
const LOOK_MS = 30_000;

export function windowsQuery(teamId: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["maintenance", "list", teamId],
    queryFn: ({ pageParam, signal }) =>
      listMaintenanceWindows({
        query: { team_id: teamId, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: LOOK_MS,
  });
}
