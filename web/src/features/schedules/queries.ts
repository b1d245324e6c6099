import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  getBalance,
  getSchedule,
  getTimeline,
  listHolidayCountries,
  listScheduleFindings,
  listShifts,
  previewSchedule,
  type ScheduleIn,
} from "../../api/generated";

const iso = (at: number) => new Date(at).toISOString();

export function scheduleQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id],
    queryFn: ({ signal }) => getSchedule({ path: { schedule_id: id }, signal }),
    refetchInterval: 60_000,
  });
}

/** Every lane between two instants, in ms. */
export function timelineQuery(id: string, start: number, end: number) {
  return queryOptions({
    queryKey: ["schedules", id, "timeline", start, end],
    queryFn: ({ signal }) =>
      getTimeline({
        path: { schedule_id: id },
        query: { start: iso(start), end: iso(end) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** Who is really paged between two instants, in ms. */
export function shiftsQuery(id: string, start: number, end: number) {
  return queryOptions({
    queryKey: ["schedules", id, "shifts", iso(start), iso(end)],
    queryFn: ({ signal }) =>
      listShifts({
        path: { schedule_id: id },
        query: { start: iso(start), end: iso(end) },
        signal,
      }),
  });
}

/** What `body` would make of the schedule; nothing is saved. */
export function previewQuery(body: ScheduleIn, start: number, end: number) {
  return queryOptions({
    queryKey: ["schedule-preview", body, start, end],
    queryFn: ({ signal }) =>
      previewSchedule({
        body: { ...body, start: iso(start), end: iso(end) },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function findingsQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id, "findings"],
    queryFn: ({ signal }) =>
      listScheduleFindings({ path: { schedule_id: id }, signal }),
  });
}

export function balanceQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id, "balance"],
    queryFn: ({ signal }) => getBalance({ path: { schedule_id: id }, signal }),
  });
}

/** Where public holidays are known. */
export const holidaysQuery = queryOptions({
  queryKey: ["holidays"],
  queryFn: ({ signal }) => listHolidayCountries({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
