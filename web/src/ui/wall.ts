/** A date and a time of day on somebody's wall, in some zone. */
export interface Wall {
  /** 2026-05-01 */
  date: string;
  /** 09:00 */
  time: string;
}

const DAY_MS = 86_400_000;
const WEEK = 7;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone of whoever looks. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/** What the clock on the wall shows at an instant. */
export function wallOf(at: number, zone: string): Wall {
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
}

function asIfUtc({ date, time }: Wall): number {
  return Date.parse(`${date}T${time}:00Z`);
}

function offset(at: number, zone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  return asIfUtc(wallOf(minute, zone)) - minute;
}

/**
 * When the wall shows this. A time that does not exist is read with the offset before the
 * gap, one that exists twice is the first (RFC 5545 section 3.3.5), as the server does.
 */
export function instantOf(wall: Wall, zone: string): number {
  const utc = asIfUtc(wall);
  if (!Number.isFinite(utc)) return Number.NaN;
  const before = offset(utc - DAY_MS, zone);
  const after = offset(utc + DAY_MS, zone);
  const early = utc - before;
  if (offset(early, zone) === before) return early;
  const late = utc - after;
  return offset(late, zone) === after ? late : early;
}

/** When a day begins. */
export function midnight(date: string, zone: string): number {
  return instantOf({ date, time: "00:00" }, zone);
}

export function plusDays(date: string, days: number): string {
  const moved = Date.parse(`${date}T00:00:00Z`) + days * DAY_MS;
  return new Date(moved).toISOString().slice(0, 10);
}

/** The first day of the month that is `months` later. */
export function plusMonths(date: string, months: number): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1))
    .toISOString()
    .slice(0, 10);
}

/** 0 is Monday. */
export function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + WEEK - 1) % WEEK;
}

/** The Monday of a date's week. */
export function monday(date: string): string {
  return plusDays(date, -weekday(date));
}
