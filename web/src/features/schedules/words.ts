import type { RestrictionIn } from "../../api/generated";
import { HERE } from "../../ui/wall";
import { windowInWords } from "../../ui/week";
import type { Block } from "./lanes";

/** "Mon 23 Nov 09:00" in a zone; with the year when it is not this one's. */
export function moment(at: number, zone: string): string {
  const year = new Date(at).getFullYear() !== new Date().getFullYear();
  return new Date(at).toLocaleString(undefined, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year && { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** "09:00" in a zone. */
export function timeOfDay(at: number, zone: string): string {
  return new Date(at).toLocaleTimeString(undefined, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** Who, or why nobody. */
export function holder(block: Block): string {
  if (block.user) return block.user.name;
  return block.intended ? "Nobody, by design" : "Nobody";
}

/** "EO", where there is no room for "Emeka Obi"; a gap says nothing. */
export function initials({ user }: Block): string {
  const words = (user?.name ?? "").split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")][0]?.toUpperCase()).join("");
}

/** A block in one sentence, for hovering and for screen readers. */
export function sentence(block: Block, zone: string): string {
  const span = `${moment(block.start, zone)} to ${moment(block.end, zone)}`;
  const replaced = block.override?.replaces?.name;
  const cover = block.override
    ? `, override${replaced ? ` for ${replaced}` : ""}`
    : "";
  const shadow = block.user && block.row > 0 ? ", as well" : "";
  const why = block.reason ? ` (${block.reason})` : "";
  return `${holder(block)}${shadow}: ${span}${cover}${why}`;
}

/** "Paris" of "Europe/Paris", and that it is the viewer's. */
export function zoneName(zone: string): string {
  return zone === HERE ? `${zone} (yours)` : zone;
}

const UNITS = { hour: "hours", day: "days", week: "weeks" } as const;

/** "every day", "every 2 weeks", "4 days, then 3 days" */
export function turnsOf(unit: keyof typeof UNITS, lengths: readonly number[]) {
  const each = (length: number) =>
    length === 1 ? `1 ${unit}` : `${length} ${UNITS[unit]}`;
  const [only, ...others] = lengths;
  if (only !== undefined && others.length === 0)
    return only === 1 ? `every ${unit}` : `every ${each(only)}`;
  return lengths.map(each).join(", then ");
}

const regions = new Intl.DisplayNames(undefined, { type: "region" });

/** At which hours a layer has anybody, a line for each rule; none: around the clock. */
export function hoursInWords(restriction: RestrictionIn | null): string[] {
  if (!restriction) return [];
  const { windows, holidays } = restriction;
  const lines = (windows ?? []).map(windowInWords);
  if (!holidays) return lines;
  const where = regions.of(holidays.country) ?? holidays.country;
  const part = holidays.subdivision ? ` (${holidays.subdivision})` : "";
  return [
    ...lines,
    `${holidays.mode === "only" ? "Only" : "Not"} on public holidays of ${where}${part}`,
  ];
}
