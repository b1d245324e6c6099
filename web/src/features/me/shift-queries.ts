import { queryOptions } from "@tanstack/react-query";
import {
  getMyHandoffNotices,
  listMyTimeOffCalendars,
} from "../../api/generated";

export const timeOffQuery = queryOptions({
  queryKey: ["schedules", "my-time-off"],
  queryFn: ({ signal }) => listMyTimeOffCalendars({ signal }),
  // it is read in the background, which is no event
  refetchInterval: ({ state }) => (state.data?.some(isUnread) ? 5_000 : 60_000),
});

export const handoffNoticesQuery = queryOptions({
  queryKey: ["schedules", "my-handoff-notices"],
  queryFn: ({ signal }) => getMyHandoffNotices({ signal }),
});

/** Nobody knows yet whether it can be read. */
export function isUnread(calendar: {
  read_at: string | null;
  error: string | null;
}): boolean {
  return calendar.read_at === null && calendar.error === null;
}
