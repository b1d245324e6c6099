import type { InsightColumn } from "../../api/generated";
import { duration } from "../../ui/time";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const NOTHING = "–";

export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** As the zone of days and hours is called. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export type Cell = string | number | null;
type Unit = InsightColumn["unit"];

/** "4 min 10 s", "2 h 5 min". */
export function spoken(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole >= HOUR || whole < MINUTE) return duration(whole);
  const rest = whole % MINUTE;
  return rest === 0 ? duration(whole) : `${duration(whole)} ${rest} s`;
}

/** "12.5 %"; whole ones without a fraction. */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000) / 10;
  return `${tenths.toLocaleString()} %`;
}

function dayInWords(day: string): string {
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return day;
  return at.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

/** "3 Mar": a day under a chart. */
export function shortDay(day: string): string {
  const at = new Date(`${day}T00:00:00`);
  return at.toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

function figure(value: number, unit: Unit): string {
  if (unit === "seconds") return spoken(value);
  if (unit === "share") return percent(value);
  if (unit === "hours") return `${value.toFixed(1)} h`;
  return value.toLocaleString();
}

/** What stands in a cell of a table. */
export function inWords(
  value: Cell,
  column: Pick<InsightColumn, "key" | "unit">,
) {
  if (value === null || value === "") return NOTHING;
  if (column.key === "weekday") return WEEKDAYS[Number(value) - 1] ?? NOTHING;
  if (column.key === "hour") return `${value}:00`;
  if (typeof value === "number") return figure(value, column.unit);
  return column.unit === "day" ? dayInWords(value) : value;
}

/** A number of today's and the one before, and how they differ. */
export interface Change {
  words: string;
  /** which way it went; none: it stayed, or cannot be compared */
  way: "up" | "down" | null;
}

/** "12 more", "1 min 5 s less", "4 points more", "as before". */
export function changeOf(
  now: number | null,
  before: number | null,
  unit: Unit,
): Change | null {
  if (now === null || before === null) return null;
  const amount = apart(Math.abs(now - before), unit);
  if (amount === null) return { words: "as before", way: null };
  const up = now > before;
  const less = unit === "count" ? "fewer" : "less";
  return { words: `${amount} ${up ? "more" : less}`, way: up ? "up" : "down" };
}

function apart(difference: number, unit: Unit): string | null {
  if (unit === "seconds")
    return Math.round(difference) === 0 ? null : spoken(difference);
  if (unit === "share") {
    const points = Math.round(difference * 100);
    if (points === 0) return null;
    return points === 1 ? "1 point" : `${points} points`;
  }
  return difference === 0 ? null : figure(difference, unit);
}
