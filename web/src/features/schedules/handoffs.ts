import type { Timeline } from "../../api/generated";
import { type Lane, lanesOf } from "./lanes";

interface Handoff {
  at: number;
  /** the names of who is on call before and after */
  from: string;
  to: string;
}

const NOBODY = "nobody";

export function laneOfFinal(timeline: Timeline): Lane | undefined {
  return lanesOf(timeline)[0];
}

/** The instants after `now` at which somebody else is on call, in order. */
export function handoffsOf(lane: Lane | undefined, now: number): Handoff[] {
  const blocks = lane?.blocks ?? [];
  const last = Math.max(0, ...blocks.map(({ end }) => end));
  const namesAt = (at: number) =>
    blocks
      .filter(({ start, end, user }) => user && start <= at && at < end)
      .sort((a, b) => a.row - b.row)
      .map(({ user }) => user?.name)
      .join(" and ") || NOBODY;
  const edges = new Set(blocks.flatMap(({ start, end }) => [start, end]));
  return [...edges]
    .filter((at) => at > now && at < last)
    .sort((a, b) => a - b)
    .map((at) => ({ at, from: namesAt(at - 1), to: namesAt(at) }))
    .filter(({ from, to }) => from !== to);
}
