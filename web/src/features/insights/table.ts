import type { InsightTable } from "../../api/generated";
import type { Cell } from "./words";

export type Entry = Record<string, Cell>;

/** The rows of a report, each by the keys of its columns. */
export function entriesOf(table: InsightTable): Entry[] {
  const keys = table.columns.map(({ key }) => key);
  return table.rows.map((row) =>
    Object.fromEntries(keys.map((key, at) => [key, row[at] ?? null])),
  );
}

/** A number of a row; none where there is nothing to count. */
export function numberIn(entry: Entry | undefined, key: string): number | null {
  const value = entry?.[key];
  return typeof value === "number" ? value : null;
}

/** All of a column together. */
export function sumOf(entries: readonly Entry[], key: string): number {
  return entries.reduce((sum, entry) => sum + (numberIn(entry, key) ?? 0), 0);
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS_AT_MOST = 62; // longer windows are told by the week, from Monday on

function name(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A row for each day or week from the first day to the last one, those without incidents too. */
export function withoutGaps(
  entries: readonly Entry[],
  first: string,
  last: string,
  lengthMs: number,
): Entry[] {
  const known = new Map(entries.map((entry) => [entry.day, entry]));
  const weekly = lengthMs > DAYS_AT_MOST * DAY_MS;
  const end = Date.parse(last);
  let day = Date.parse(first);
  // a week's row is named after its Monday
  if (weekly) day -= ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
  const filled: Entry[] = [];
  for (; day <= end; day += weekly ? 7 * DAY_MS : DAY_MS)
    filled.push(known.get(name(day)) ?? { day: name(day), incidents: 0 });
  return filled;
}
