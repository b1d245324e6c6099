import {
  deleteAcknowledgement,
  deleteResolution,
  deleteSnooze,
  type IncidentOut as Incident,
  type IncidentDetail,
  type Me,
  putAcknowledgement,
  putResolution,
  putSnooze,
} from "../../api/generated";
import type { Change } from "../../pwa/actions";

/** The verbs that act at once, are shown before the server answers, and can be taken back. */
export type Verb =
  | { do: "acknowledge" | "unacknowledge" | "resolve" | "reopen" | "wake" }
  | { do: "snooze"; until: string };

type Name = Verb["do"];

interface Moment {
  me: Pick<Me, "id" | "name">;
  now: string;
}

const NOBODY = {
  status: "triggered",
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
  resolved_by: null,
  snoozed_until: null,
} as const;

/** What the incident will look like, as far as can be known before the server says. */
export function changeOf(
  verb: Verb,
  incident: Pick<Incident, "acknowledged_at" | "acknowledged_by">,
  { me, now }: Moment,
): Partial<Incident> {
  const by = { id: me.id, name: me.name };
  switch (verb.do) {
    case "acknowledge":
      return {
        status: "acknowledged",
        acknowledged_at: now,
        acknowledged_by: by,
        snoozed_until: null,
        next_escalation_at: null,
      };
    case "snooze":
      return {
        status: "acknowledged",
        acknowledged_at: incident.acknowledged_at ?? now,
        acknowledged_by: incident.acknowledged_by ?? by,
        snoozed_until: verb.until,
        next_escalation_at: verb.until,
      };
    case "resolve":
      return {
        status: "resolved",
        resolved_at: now,
        resolved_by: by,
        snoozed_until: null,
        next_escalation_at: null,
      };
    default:
      return NOBODY;
  }
}

/** Ask the server for it. */
export function send(verb: Verb, id: string): Promise<IncidentDetail> {
  const path = { incident_id: id };
  switch (verb.do) {
    case "acknowledge":
      return putAcknowledgement({ path });
    case "unacknowledge":
      return deleteAcknowledgement({ path });
    case "resolve":
      return putResolution({ path, body: {} });
    case "reopen":
      return deleteResolution({ path });
    case "snooze":
      return putSnooze({ path, body: { until: verb.until } });
    case "wake":
      return deleteSnooze({ path });
  }
}

/** The same in a form that can be kept until there is a connection. */
export function actionOf(
  verb: Verb,
  { id, number, title }: Pick<Incident, "id" | "number" | "title">,
): Change {
  const incident = { id, number, title };
  return verb.do === "snooze"
    ? { verb: verb.do, until: verb.until, incident }
    : { verb: verb.do, incident };
}

/** The reverse. */
export function verbOf(action: Change): Verb {
  return action.verb === "snooze"
    ? { do: action.verb, until: action.until }
    : { do: action.verb };
}

/** What takes it back; what is its own opposite's opposite has none of its own. */
export const UNDO: Partial<Record<Name, Verb>> = {
  acknowledge: { do: "unacknowledge" },
  resolve: { do: "reopen" },
  snooze: { do: "wake" },
};

export const DONE: Record<Name, string> = {
  acknowledge: "You have",
  unacknowledge: "Nobody has",
  resolve: "Resolved",
  reopen: "Re-opened",
  snooze: "Snoozed",
  wake: "Woke",
};

const HOUR_MS = 3_600_000;

/** An hour from `now` (ms). */
export function inAnHour(now: number): string {
  return new Date(now + HOUR_MS).toISOString();
}
