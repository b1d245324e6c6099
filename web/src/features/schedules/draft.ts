import type {
  LayerIn,
  RestrictionIn,
  Schedule,
  ScheduleIn,
} from "../../api/generated";
import type { Person } from "../../ui/PersonSelect";
import { instantOf, monday, wallOf } from "../../ui/wall";
import { hoursOf, newKey, type WeekHours, windowsOf } from "../../ui/week";

export type Unit = LayerIn["unit"];
export type HolidayMode = "ignore" | "only" | "except";

/** A layer as it is being edited; numbers are strings while they are typed. */
export interface LayerDraft {
  key: string;
  /** none: a new layer */
  id: string | null;
  name: string;
  users: Person[];
  unit: Unit;
  /** "1", or a pattern: "4, 3" */
  lengths: string;
  date: string;
  time: string;
  /** empty: it goes on for ever */
  end_date: string;
  at_once: number | string;
  /** empty: the schedule's */
  time_zone: string;
  /** none: at all times */
  hours: WeekHours[];
  holidays: HolidayMode;
  country: string;
  subdivision: string;
  keep_turns: boolean;
}

export interface Draft {
  name: string;
  description: string;
  team_id: string;
  time_zone: string;
  /** the base first; the others win over those before them */
  layers: LayerDraft[];
  /** when the change begins to hold; empty: at once */
  from_date: string;
  from_time: string;
}

export const FIRST_TIME = "09:00";

/** A weekly rotation that begins on the Monday of this week. */
export function newLayer(
  zone: string,
  now: number,
  more: Partial<LayerDraft> = {},
): LayerDraft {
  return {
    key: newKey(),
    id: null,
    name: "",
    users: [],
    unit: "week",
    lengths: "1",
    date: monday(wallOf(now, zone).date),
    time: FIRST_TIME,
    end_date: "",
    at_once: 1,
    time_zone: "",
    hours: [],
    holidays: "ignore",
    country: "",
    subdivision: "",
    keep_turns: true,
    ...more,
  };
}

export function newDraft(teamId: string, zone: string, now: number): Draft {
  return {
    name: "",
    description: "",
    team_id: teamId,
    time_zone: zone,
    layers: [newLayer(zone, now, { name: "Primary" })],
    from_date: "",
    from_time: FIRST_TIME,
  };
}

type Layer = Schedule["layers"][number];

/** A schedule as the editor shows it. */
export function draftOf(schedule: Schedule): Draft {
  return {
    name: schedule.name,
    description: schedule.description ?? "",
    team_id: schedule.team.id,
    time_zone: schedule.time_zone,
    layers: schedule.layers.map((layer, at) => ({
      ...layerDraft(layer, schedule.time_zone),
      name: layer.name || `Layer ${at + 1}`,
    })),
    from_date: "",
    from_time: FIRST_TIME,
  };
}

function layerDraft(layer: Layer, scheduleZone: string): LayerDraft {
  const zone = layer.time_zone ?? scheduleZone;
  const { restriction } = layer;
  return {
    key: layer.id,
    id: layer.id,
    name: layer.name,
    users: layer.users,
    unit: layer.unit,
    lengths: layer.lengths.join(", "),
    ...wallOf(Date.parse(layer.start_at), zone),
    end_date: layer.end_at ? wallOf(Date.parse(layer.end_at), zone).date : "",
    at_once: layer.at_once,
    time_zone: layer.time_zone ?? "",
    hours: hoursOf(restriction?.windows ?? []),
    holidays: restriction?.holidays?.mode ?? "ignore",
    country: restriction?.holidays?.country ?? "",
    subdivision: restriction?.holidays?.subdivision ?? "",
    keep_turns: restriction?.keep_turns ?? true,
  };
}

/** "4, 3" as numbers; none: it is not a pattern. */
export function lengthsOf(text: string): number[] | undefined {
  const parts = text
    .split(",")
    .map((part) => Number(part.trim() || Number.NaN));
  return parts.every((part) => Number.isInteger(part) && part >= 1)
    ? parts
    : undefined;
}

/** The whole schedule as the server takes it. */
export function bodyOf(draft: Draft): ScheduleIn {
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    team_id: draft.team_id,
    time_zone: draft.time_zone,
    layers: draft.layers.map((layer) => layerIn(layer, draft.time_zone)),
    from_at: draft.from_date
      ? iso({ date: draft.from_date, time: draft.from_time }, draft.time_zone)
      : null,
  };
}

function iso(wall: { date: string; time: string }, zone: string): string {
  return new Date(instantOf(wall, zone)).toISOString();
}

function layerIn(layer: LayerDraft, scheduleZone: string): LayerIn {
  const zone = layer.time_zone || scheduleZone;
  return {
    id: layer.id,
    name: layer.name.trim(),
    unit: layer.unit,
    lengths: lengthsOf(layer.lengths) ?? [1],
    start_at: iso(layer, zone),
    end_at: layer.end_date
      ? iso({ date: layer.end_date, time: layer.time }, zone)
      : null,
    at_once: Number(layer.at_once),
    user_ids: layer.users.map(({ id }) => id),
    time_zone: layer.time_zone || null,
    restriction: restrictionIn(layer),
  };
}

function restrictionIn(layer: LayerDraft): RestrictionIn | null {
  const { hours, holidays, country, subdivision, keep_turns } = layer;
  if (hours.length === 0 && holidays === "ignore") return null;
  return {
    windows: windowsOf(hours),
    holidays:
      holidays === "ignore"
        ? null
        : { country, subdivision: subdivision.trim() || null, mode: holidays },
    keep_turns,
  };
}
