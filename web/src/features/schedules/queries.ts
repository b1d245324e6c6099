import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getSchedule, listShifts } from "../../api/generated";

export function scheduleQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id],
    queryFn: ({ signal }) => getSchedule({ path: { schedule_id: id }, signal }),
    refetchInterval: 60_000,
  });
}

/** The shifts between two instants, in ms. */
export function shiftsQuery(id: string, start: number, end: number) {
  return queryOptions({
    queryKey: ["schedules", id, "shifts", start, end],
    queryFn: ({ signal }) =>
      listShifts({
        path: { schedule_id: id },
        query: {
          start: new Date(start).toISOString(),
          end: new Date(end).toISOString(),
        },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}
