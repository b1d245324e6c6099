import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type GetInsightData, getInsight } from "../../api/generated";
import type { Span } from "./period";
import { ZONE } from "./words";

const USUAL_MINUTES = 5;
const MOST_MINUTES = 7 * 24 * 60;

/** What a report is asked for, as the API takes it. */
export type Asked = GetInsightData["query"];

/** In how many minutes incidents are to be answered. */
export function minutesOf(search: Record<string, string>): number {
  const minutes = Math.round(Number(search.within));
  return minutes >= 1 && minutes <= MOST_MINUTES ? minutes : USUAL_MINUTES;
}

/** The filters that the address names, of this time. */
export function askedOf(search: Record<string, string>, span: Span): Asked {
  const urgency = search.urgency;
  return {
    ...span,
    time_zone: ZONE,
    within_s: minutesOf(search) * 60,
    ...(search.team && { team_id: search.team }),
    ...(search.service && { service_id: search.service }),
    ...((urgency === "high" || urgency === "low") && { urgency }),
  };
}

export function reportQuery(insight: string, asked: Asked) {
  return queryOptions({
    queryKey: ["insights", insight, asked],
    queryFn: ({ signal }) =>
      getInsight({ path: { insight }, query: asked, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Where a report is as CSV. */
export function csvAddress(insight: string, asked: Asked): string {
  const query = Object.entries(asked).map(([key, value]) => [
    key,
    String(value),
  ]);
  return `/v1/insights/${insight}.csv?${new URLSearchParams(query)}`;
}
