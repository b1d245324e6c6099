import { IconBarrierBlock } from "@tabler/icons-react";
import type { MaintenanceWindow } from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";
import { clockTime } from "../../ui/time";
import { HERE, wallOf } from "../../ui/wall";

export const TITLES: Readonly<Record<MaintenanceWindow["state"], string>> = {
  active: "Under way",
  planned: "Planned",
  over: "Over",
};

export const UNDER_WAY: Parameters<typeof StateLabel>[0] = {
  tone: "violet",
  icon: IconBarrierBlock,
  word: "Under way",
};

const WEEKDAYS = [
  "Sundays",
  "Mondays",
  "Tuesdays",
  "Wednesdays",
  "Thursdays",
  "Fridays",
  "Saturdays",
] as const;

/** "22:00 to Tue 02:00", or "Mondays 02:00–04:00 until 30 Nov 2026". */
export function when(kept: MaintenanceWindow, now: number): string {
  const { start_at, end_at, repeat_days, until_at } = kept;
  if (!repeat_days)
    return `${clockTime(start_at, now)} to ${clockTime(end_at, now)}`;
  const zone = kept.time_zone ?? "UTC";
  const from = wallOf(Date.parse(start_at), zone);
  const until = wallOf(Date.parse(end_at), zone).time;
  const day = new Date(`${from.date}T00:00:00Z`).getUTCDay();
  const often = repeat_days === 1 ? "daily" : WEEKDAYS[day];
  const last = until_at
    ? ` until ${wallOf(Date.parse(until_at) - 1, zone).date}`
    : "";
  const where = zone === HERE ? "" : ` (${zone})`;
  return `${often} ${from.time}–${until}${where}${last}`;
}

/** "env=dev, zone=b": what an alert has to have besides. */
export function labelsInWords(labels: Record<string, string> = {}): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}
