import type {
  MaintenanceChanges,
  MaintenanceIn,
  MaintenanceWindow,
} from "../../api/generated";
import { HERE, instantOf, midnight, plusDays, wallOf } from "../../ui/wall";

/** Planned work as it is being edited. */
export interface Draft {
  name: string;
  /** null: the installation's */
  team_id: string | null;
  when: "now" | "planned";
  /** from now on */
  length_s: number | null;
  /** as a field for date and time has it, in `zone` */
  from: string;
  until: string;
  repeat: "" | "1" | "7";
  /** the last day on which it begins; empty: for ever */
  last_on: string;
  zone: string;
  service_ids: string[];
  labels: Record<string, string>;
}

const HOUR_MS = 3_600_000;
export const LONGEST_S = 31 * 24 * 3600;

function inputOf(at: number, zone: string): string {
  const { date, time } = wallOf(at, zone);
  return `${date}T${time}`;
}

function instant(input: string, zone: string): number {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(input) ?? [];
  if (!date || !time) return Number.NaN;
  return instantOf({ date, time }, zone);
}

/** Work that begins now; planned, it would be tonight at ten. */
export function newDraft(teamId: string | null, now: number): Draft {
  const { date } = wallOf(now, HERE);
  const tonight = instantOf({ date, time: "22:00" }, HERE);
  return {
    name: "",
    team_id: teamId,
    when: "now",
    length_s: 3600,
    from: inputOf(tonight, HERE),
    until: inputOf(tonight + 2 * HOUR_MS, HERE),
    repeat: "",
    last_on: "",
    zone: HERE,
    service_ids: [],
    labels: {},
  };
}

export function draftOf(kept: MaintenanceWindow): Draft {
  const { repeat_days, until_at, start_at, end_at } = kept;
  // what comes once is an instant: whoever looks reads it by their own clock
  const zone = repeat_days ? (kept.time_zone ?? "UTC") : HERE;
  return {
    name: kept.name,
    team_id: kept.team?.id ?? null,
    when: "planned",
    length_s: 3600,
    from: inputOf(Date.parse(start_at), zone),
    until: inputOf(Date.parse(end_at), zone),
    repeat: repeat_days ? (`${repeat_days}` as const) : "",
    last_on: until_at ? wallOf(Date.parse(until_at) - 1, zone).date : "",
    zone,
    service_ids: kept.service_ids ?? [],
    labels: kept.labels ?? {},
  };
}

function times(draft: Draft, now: number) {
  const { when, length_s, from, until, repeat, last_on, zone } = draft;
  if (when === "now")
    return { start: now, end: now + (length_s ?? 0) * 1000, repeat_days: null };
  return {
    start: instant(from, zone),
    end: instant(until, zone),
    repeat_days: repeat === "" ? null : repeat === "1" ? (1 as const) : 7,
    last: repeat && last_on ? midnight(plusDays(last_on, 1), zone) : undefined,
  } as const;
}

export function bodyOf(draft: Draft, now: number): MaintenanceIn {
  const { start, end, repeat_days, last } = {
    last: undefined,
    ...times(draft, now),
  };
  return {
    name: draft.name.trim(),
    team_id: draft.team_id,
    start_at: new Date(start).toISOString(),
    end_at: new Date(end).toISOString(),
    service_ids: draft.service_ids,
    labels: draft.labels,
    repeat_days,
    time_zone: draft.zone,
    until_at: last === undefined ? null : new Date(last).toISOString(),
  };
}

/** What is missing or wrong, by field. */
export function problemsOf(draft: Draft): Record<string, string> {
  const { start, end } = times(draft, 0);
  const length = (end - start) / 1000;
  const found = {
    name: draft.name.trim()
      ? null
      : "Say what is done: people read it where they miss a page",
    length_s:
      draft.when === "planned" || (length > 0 && length <= LONGEST_S)
        ? null
        : "Say how long: at most 31 days",
    from:
      draft.when === "now" || Number.isFinite(start)
        ? null
        : "Say when it begins",
    until: draft.when === "now" ? null : endProblem(draft, length),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([path, text]) =>
      text ? [[path, text]] : [],
    ),
  );
}

const DAY_S = 86_400;

function endProblem({ repeat }: Draft, length: number): string | null {
  if (!Number.isFinite(length)) return "Say when it ends";
  if (length <= 0) return "It ends before it begins";
  if (length > LONGEST_S) return "At most 31 days";
  return repeat && length > Number(repeat) * DAY_S
    ? "It takes longer than it is until the next time"
    : null;
}

/** Planned work that comes again, from its next time on: the one under way is over. */
export function withoutThisOne(kept: MaintenanceWindow): MaintenanceChanges {
  const { name, service_ids, labels, repeat_days, until_at } = kept;
  const zone = kept.time_zone ?? "UTC";
  const next = (at: string) => {
    const { date, time } = wallOf(Date.parse(at), zone);
    return instantOf({ date: plusDays(date, repeat_days ?? 1), time }, zone);
  };
  const start = next(kept.next_start_at ?? kept.start_at);
  const length = Date.parse(kept.end_at) - Date.parse(kept.start_at);
  return {
    name,
    service_ids,
    labels,
    repeat_days,
    until_at,
    time_zone: zone,
    start_at: new Date(start).toISOString(),
    end_at: new Date(start + length).toISOString(),
  };
}
