import type { Turn } from "./rotation";

const DAYS = 7;

/** The local midnight that begins the day `days` after that of `at`. */
export function midnight(at: number, days = 0): number {
  const date = new Date(at);
  return new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate() + days,
  ).getTime();
}

/** A part of a week: from and to are in days, 0 to 7. */
export interface Part {
  from: number;
  to: number;
  start: number;
  end: number;
  /** none: nobody is on call */
  turn?: Turn;
}

export interface Week {
  /** the eight midnights around its seven days */
  days: number[];
  parts: Part[];
}

/** How many days of the week have passed at `at`: days are equally wide, also those of 23 hours. */
export function position(days: readonly number[], at: number): number {
  const next = days.findIndex((midnight) => midnight > at);
  if (next === 0) return 0;
  const [begin, end] = [days[next - 1], days[next]];
  if (begin === undefined || end === undefined) return DAYS;
  return next - 1 + (at - begin) / (end - begin);
}

/** The intervals of [start, end) in which nobody is on call. */
export function gaps(turns: readonly Turn[], start: number, end: number) {
  const found: { start: number; end: number }[] = [];
  let covered = start;
  for (const turn of turns) {
    if (turn.start > covered) found.push({ start: covered, end: turn.start });
    covered = Math.max(covered, turn.end);
  }
  if (covered < end) found.push({ start: covered, end });
  return found;
}

/** `count` weeks from the midnight `from`; what is before `now` is not a gap any more. */
export function weeksOf(
  turns: readonly Turn[],
  from: number,
  count: number,
  now: number,
): Week[] {
  const end = midnight(from, count * DAYS);
  const all = [
    ...turns.map((turn) => ({ start: turn.start, end: turn.end, turn })),
    ...gaps(turns, from, end)
      .map((gap) => ({ ...gap, start: Math.max(gap.start, now) }))
      .filter((gap) => gap.start < gap.end),
  ];
  return Array.from({ length: count }, (_, week) => {
    const days = Array.from({ length: DAYS + 1 }, (_, day) =>
      midnight(from, week * DAYS + day),
    );
    const [first = from, last = end] = [days[0], days[DAYS]];
    return {
      days,
      parts: all
        .filter((part) => part.start < last && part.end > first)
        .map((part) => ({
          ...part,
          from: position(days, Math.max(part.start, first)),
          to: position(days, Math.min(part.end, last)),
        }))
        .sort((a, b) => a.from - b.from),
    };
  });
}
