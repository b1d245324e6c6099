/** Which days the page is of, read from its address: ?days=30, or ?from=2026-03-01&to=2026-03-31 */
const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_MS = 366 * DAY_MS;
const ROUND_MS = 5 * 60 * 1000;

export const DAYS = ["7", "30", "90", "365"] as const;
const USUAL = "30";

/** From an instant to another, as the API takes them. */
export interface Span {
  from: string;
  to: string;
}

export interface Period {
  span: Span;
  /** as long, just before it */
  before: Span;
  /** "the 30 days before" */
  beforeName: string;
}

function daysLater(at: Date, days: number): Date {
  const moved = new Date(at);
  moved.setDate(moved.getDate() + days);
  return moved;
}

function spanOf(from: Date, to: Date): Span {
  return { from: from.toISOString(), to: to.toISOString() };
}

function midnight(day: string): Date | null {
  const at = new Date(`${day}T00:00:00`);
  return Number.isNaN(at.getTime()) ? null : at;
}

function periodFrom(start: Date, end: Date, days: number): Period {
  const name = days === 1 ? "the day before" : `the ${days} days before`;
  return {
    span: spanOf(start, end),
    before: spanOf(daysLater(start, -days), daysLater(end, -days)),
    beforeName: name,
  };
}

/** "7", "30", "90", "365", or "custom" for days of one's own. */
export function daysChosen(search: Record<string, string>): string {
  if (search.from !== undefined || search.to !== undefined) return "custom";
  return DAYS.find((days) => days === search.days) ?? USUAL;
}

/** The days of the viewer's own clock that the address names, or why there are none. */
export function periodOf(
  search: Record<string, string>,
  now: number,
): Period | string {
  const chosen = daysChosen(search);
  if (chosen === "custom") return ownPeriod(search.from ?? "", search.to ?? "");
  // some minutes on, so that the same question is not asked anew at every look
  const end = new Date((Math.floor(now / ROUND_MS) + 1) * ROUND_MS);
  const today = new Date(now);
  today.setHours(0, 0, 0, 0);
  const days = Number(chosen);
  return periodFrom(daysLater(today, 1 - days), end, days);
}

function ownPeriod(first: string, last: string): Period | string {
  const start = midnight(first);
  const lastDay = midnight(last);
  if (!start || !lastDay) return "Choose the first and the last day.";
  const end = daysLater(lastDay, 1);
  const length = end.getTime() - start.getTime();
  if (length <= 0) return "The last day comes before the first one.";
  if (length > LONGEST_MS) return "That is longer than a year.";
  return periodFrom(start, end, Math.round(length / DAY_MS));
}

/** "2026-03-01" of an instant, by the viewer's clock. */
export function dayOf(at: string): string {
  const local = new Date(at);
  const month = String(local.getMonth() + 1).padStart(2, "0");
  return `${local.getFullYear()}-${month}-${String(local.getDate()).padStart(2, "0")}`;
}
