/** A date and a time of day on somebody's wall, in some zone. */
export interface Wall {
  /** 2026-05-01 */
  date: string;
  /** 09:00 */
  time: string;
}

export interface Person {
  id: string;
  name: string;
}

/** People taking turns, as it is being edited. */
export interface Rotation {
  first: Wall;
  turnDays: number;
  zone: string;
  users: readonly Person[];
}

/** [start, end) in ms */
export interface Turn {
  user: Person;
  start: number;
  end: number;
}

const DAY_MS = 86_400_000;
const MOST_TURNS = 400;
const formats = new Map<string, Intl.DateTimeFormat>();

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
  const before = offset(utc - DAY_MS, zone);
  const after = offset(utc + DAY_MS, zone);
  const early = utc - before;
  if (offset(early, zone) === before) return early;
  const late = utc - after;
  return offset(late, zone) === after ? late : early;
}

function plusDays(date: string, days: number): string {
  const moved = Date.parse(`${date}T00:00:00Z`) + days * DAY_MS;
  return new Date(moved).toISOString().slice(0, 10);
}

/** Whether a schedule can be drawn from what has been typed so far. */
export function isComplete({ first, turnDays, users }: Rotation): boolean {
  return Number.isFinite(asIfUtc(first)) && turnDays >= 1 && users.length > 0;
}

/** The turns in [start, end), clipped to it; consecutive ones of one person are one. */
export function turns(rotation: Rotation, start: number, end: number): Turn[] {
  const { first, turnDays, zone, users } = rotation;
  const handoff = (turn: number) =>
    instantOf(
      { date: plusDays(first.date, turn * turnDays), time: first.time },
      zone,
    );
  const since = Math.floor((start - handoff(0)) / (turnDays * DAY_MS));
  const found: Turn[] = [];
  for (let turn = Math.max(0, since - 1); found.length < MOST_TURNS; turn++) {
    const begin = Math.max(handoff(turn), start);
    if (begin >= end) break;
    const stop = Math.min(handoff(turn + 1), end);
    const user = users[turn % users.length];
    if (!user || stop <= begin) continue;
    const last = found.at(-1);
    if (last?.user.id === user.id && last.end === begin) last.end = stop;
    else found.push({ user, start: begin, end: stop });
  }
  return found;
}
