import { queryOptions } from "@tanstack/react-query";
import {
  createMyCalendarFeed,
  createScheduleCalendarFeed,
  createTeamCalendarFeed,
  deleteMyCalendarFeed,
  deleteScheduleCalendarFeed,
  deleteTeamCalendarFeed,
  getMyCalendarFeed,
  getScheduleCalendarFeed,
  getTeamCalendarFeed,
} from "../api/generated";

/** Whose shifts are in a calendar: of whoever looks, of a schedule, of a team. */
export type Subject =
  | { kind: "me" }
  | { kind: "schedule"; id: string }
  | { kind: "team"; id: string };

/** Whether whoever looks has an address for it. */
export function calendarFeedQuery(of: Subject) {
  return queryOptions({
    queryKey: ["schedules", "calendar-feed", of],
    queryFn: ({ signal }) => {
      if (of.kind === "me") return getMyCalendarFeed({ signal });
      return of.kind === "team"
        ? getTeamCalendarFeed({ path: { team_id: of.id }, signal })
        : getScheduleCalendarFeed({ path: { schedule_id: of.id }, signal });
    },
  });
}

/** A new address; the one before is dead. */
export function makeCalendarFeed(of: Subject) {
  if (of.kind === "me") return createMyCalendarFeed();
  return of.kind === "team"
    ? createTeamCalendarFeed({ path: { team_id: of.id } })
    : createScheduleCalendarFeed({ path: { schedule_id: of.id } });
}

export async function deleteCalendarFeed(of: Subject): Promise<void> {
  if (of.kind === "me") await deleteMyCalendarFeed();
  else if (of.kind === "team")
    await deleteTeamCalendarFeed({ path: { team_id: of.id } });
  else await deleteScheduleCalendarFeed({ path: { schedule_id: of.id } });
}
