import type { Schedule, ScheduleIn } from "../../api/generated";
import { instantOf, type Person, type Rotation, wallOf } from "./rotation";

/** A schedule as it is being edited; numbers are strings while they are typed. */
export interface Draft {
  name: string;
  team_id: string;
  time_zone: string;
  date: string;
  time: string;
  turn_days: number | string;
  users: Person[];
}

const FIRST_TIME = "09:00";
const WEEK = 7;

export function newDraft(teamId: string, zone: string, now: number): Draft {
  return {
    name: "",
    team_id: teamId,
    time_zone: zone,
    date: wallOf(now, zone).date,
    time: FIRST_TIME,
    turn_days: WEEK,
    users: [],
  };
}

export function draftOf(schedule: Schedule, now: number): Draft {
  const { name, team, time_zone, layers } = schedule;
  const empty = newDraft(team.id, time_zone, now);
  const layer = layers[0];
  return {
    ...empty,
    name,
    ...(layer && {
      ...wallOf(Date.parse(layer.start_at), time_zone),
      turn_days: layer.turn_days,
      users: layer.users,
    }),
  };
}

export function rotationOf(draft: Draft): Rotation {
  return {
    first: { date: draft.date, time: draft.time },
    turnDays: Number(draft.turn_days),
    zone: draft.time_zone,
    users: draft.users,
  };
}

export function bodyOf(draft: Draft): ScheduleIn {
  const { first, zone, turnDays } = rotationOf(draft);
  return {
    name: draft.name.trim(),
    team_id: draft.team_id,
    time_zone: zone,
    layers: [
      {
        start_at: new Date(instantOf(first, zone)).toISOString(),
        turn_days: turnDays,
        user_ids: draft.users.map(({ id }) => id),
      },
    ],
  };
}

/** "every day", "every week", "every 10 days" */
export function every(days: number): string {
  if (days === 1) return "every day";
  if (days === WEEK) return "every week";
  return days % WEEK === 0
    ? `every ${days / WEEK} weeks`
    : `every ${days} days`;
}
