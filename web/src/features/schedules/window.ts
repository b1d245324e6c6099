import {
  instantOf,
  midnight,
  monday,
  plusDays,
  plusMonths,
  wallOf,
  weekday,
} from "../../ui/wall";

export const ZOOMS = ["day", "fortnight", "month", "quarter"] as const;
export type Zoom = (typeof ZOOMS)[number];

/** What is drawn: [start, end) in ms, whole days of a zone. */
export interface Window {
  start: number;
  end: number;
  /** the first day, 2026-05-01 */
  from: string;
  /** the day after the last */
  to: string;
  zone: string;
}

/** A line across the lanes, and what is written above it. */
export interface Tick {
  at: number;
  label: string;
  /** nobody has room for all labels: on a phone only these */
  always: boolean;
  weekend: boolean;
}

const FORTNIGHT = 14;
const MONTHS_OF_QUARTER = 3;
const SATURDAY = 5;

/** The window of this size that shows the day `date` of a zone. */
export function windowOf(zoom: Zoom, date: string, zone: string): Window {
  const [from, to] = days(zoom, date);
  return {
    from,
    to,
    zone,
    start: midnight(from, zone),
    end: midnight(to, zone),
  };
}

function days(zoom: Zoom, date: string): [string, string] {
  if (zoom === "day") return [date, plusDays(date, 1)];
  if (zoom === "fortnight") {
    const first = monday(date);
    return [first, plusDays(first, FORTNIGHT)];
  }
  const months = zoom === "month" ? 1 : MONTHS_OF_QUARTER;
  return [plusMonths(date, 0), plusMonths(date, months)];
}

/** A day of the window before (-1) or after (1). */
export function moved(zoom: Zoom, date: string, by: -1 | 1): string {
  if (zoom === "day") return plusDays(date, by);
  if (zoom === "fortnight") return plusDays(date, by * FORTNIGHT);
  return plusMonths(date, by * (zoom === "month" ? 1 : MONTHS_OF_QUARTER));
}

/** Where an instant is: 0 at the beginning of the window, 1 at its end, never outside. */
export function fraction({ start, end }: Window, at: number): number {
  return Math.min(1, Math.max(0, (at - start) / (end - start)));
}

/** The way back: the instant at a fraction of the window. */
export function instantAt({ start, end }: Window, at: number): number {
  return start + Math.min(1, Math.max(0, at)) * (end - start);
}

function label(date: string, options: Intl.DateTimeFormatOptions): string {
  const noon = new Date(`${date}T12:00:00Z`);
  return noon.toLocaleDateString(undefined, { timeZone: "UTC", ...options });
}

/** Every third hour of a day, every day of weeks, every day of a month, every Monday of a quarter. */
export function ticksOf(zoom: Zoom, window: Window): Tick[] {
  if (zoom === "day") return hours(window);
  return dates(window)
    .filter((date) => zoom !== "quarter" || weekday(date) === 0)
    .map((date, count) => ({
      at: midnight(date, window.zone),
      label: dayLabel(zoom, date),
      always: zoom === "fortnight" ? true : count % 2 === 0,
      weekend: zoom !== "quarter" && weekday(date) >= SATURDAY,
    }));
}

function dayLabel(zoom: Zoom, date: string): string {
  if (zoom === "month") return label(date, { day: "numeric" });
  if (zoom === "quarter")
    return label(date, { day: "numeric", month: "short" });
  // two lines: days are narrow
  return `${label(date, { weekday: "short" })}\n${label(date, { day: "numeric" })}`;
}

const EVERY_HOURS = 3;

function hours({ from, zone, end }: Window): Tick[] {
  const all = Array.from({ length: 24 / EVERY_HOURS }, (_, step) => {
    const time = `${String(step * EVERY_HOURS).padStart(2, "0")}:00`;
    const at = instantOf({ date: from, time }, zone);
    return { at, label: time, always: step % 2 === 0, weekend: false };
  });
  return all.filter(({ at }) => at < end);
}

/** The days of a window. */
export function dates({ from, to }: Window): string[] {
  const found: string[] = [];
  for (let date = from; date < to; date = plusDays(date, 1)) found.push(date);
  return found;
}

/** "Monday, 23 November 2026", "23 Nov – 6 Dec 2026", "November 2026", "Nov 2026 – Jan 2027" */
export function titleOf(zoom: Zoom, { from, to }: Window): string {
  if (zoom === "day")
    return label(from, {
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
    });
  if (zoom === "month") return label(from, { month: "long", year: "numeric" });
  const last = plusDays(to, -1);
  const day = zoom === "fortnight" ? ({ day: "numeric" } as const) : {};
  const year =
    from.slice(0, 4) === last.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return `${label(from, { ...day, month: "short", ...year })} – ${label(last, { ...day, month: "short", year: "numeric" })}`;
}

/** How finely a drag is read, in minutes. */
export const STEP_MINUTES: Record<Zoom, number> = {
  day: 15,
  fortnight: 60,
  month: 6 * 60,
  quarter: 24 * 60,
};

const MINUTES_OF_DAY = 24 * 60;

/** The nearest instant at which the wall shows a multiple of `step` minutes of the day. */
export function snapped(at: number, step: number, zone: string): number {
  const { date, time } = wallOf(at, zone);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const seconds = (at / 1000) % 60;
  const exactly = hour * 60 + minute + seconds / 60;
  const rounded = Math.round(exactly / step) * step;
  if (rounded >= MINUTES_OF_DAY) return midnight(plusDays(date, 1), zone);
  const clock = [Math.floor(rounded / 60), rounded % 60];
  return instantOf(
    { date, time: clock.map((n) => String(n).padStart(2, "0")).join(":") },
    zone,
  );
}

/**
 * The interval between two fractions of a window, whichever is first: at least one step
 * long, and exactly at a hand-off when one is near (`near` is a fraction, too).
 */
export function dragged(
  window: Window,
  from: number,
  to: number,
  options: { step: number; edges: readonly number[]; near: number },
): { start: number; end: number } {
  const { step, edges, near } = options;
  const reach = near * (window.end - window.start);
  const settle = (at: number) => {
    const away = (edge: number) => Math.abs(edge - at);
    const nearest = edges.toSorted((a, b) => away(a) - away(b))[0];
    return nearest !== undefined && away(nearest) <= reach
      ? nearest
      : snapped(at, step, window.zone);
  };
  const start = settle(instantAt(window, Math.min(from, to)));
  const end = settle(instantAt(window, Math.max(from, to)));
  return end > start ? { start, end } : { start, end: start + step * 60_000 };
}
