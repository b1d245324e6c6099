import { fieldOf, textOf } from "./ask";

/** What people can do to an incident while nothing reaches the server. */
export type Action =
  | {
      verb: "acknowledge" | "unacknowledge" | "resolve" | "reopen" | "wake";
      incident: Subject;
    }
  | { verb: "snooze"; until: string; incident: Subject }
  | {
      verb: "note";
      text: string;
      /** the same in every try, so that it is noted once */
      key: string;
      incident: Subject;
    };

/** Those that change how an incident stands. */
export type Change = Exclude<Action, { verb: "note" }>;

interface Subject {
  id: string;
  number: number;
  title: string;
}

/** An action that was taken while nothing reached the server. */
export type Taken = Action & {
  /** who took it: nobody else sends it */
  userId: string;
  /** when it was taken, by the clock of this device */
  at: string;
};

/** One of those, still waiting; ids are in the order in which they were taken. */
export type Unsent = Taken & { id: number };

/** The part of an incident that decides whether an old action still means what it meant. */
export interface Fresh {
  resolved: boolean;
  resolvedAt: string;
  resolvedBy: Person;
  acknowledgedAt: string;
  acknowledgedBy: Person;
}

interface Person {
  id: string;
  name: string;
}

interface Request {
  method: "PUT" | "DELETE" | "POST";
  path: string;
  body?: object;
  /** under which the server does it once */
  key?: string;
}

const OF_AN_INCIDENT = {
  acknowledge: { method: "PUT", part: "acknowledgement" },
  unacknowledge: { method: "DELETE", part: "acknowledgement" },
  resolve: { method: "PUT", part: "resolution" },
  reopen: { method: "DELETE", part: "resolution" },
  snooze: { method: "PUT", part: "snooze" },
  wake: { method: "DELETE", part: "snooze" },
  note: { method: "POST", part: "notes" },
} as const;

/** How the server is asked for it. Asking twice changes nothing more. */
export function requestOf(action: Action): Request {
  const { method, part } = OF_AN_INCIDENT[action.verb];
  const path = `/v1/incidents/${action.incident.id}/${part}`;
  if (action.verb === "snooze")
    return { method, path, body: { until: action.until } };
  if (action.verb === "note")
    return { method, path, body: { text: action.text }, key: action.key };
  return action.verb === "resolve"
    ? { method, path, body: {} }
    : { method, path };
}

const HOUR_MS = 3_600_000;
const TOO_OLD_MS = 12 * HOUR_MS;

const WORDS: Record<Action["verb"], string> = {
  acknowledge: "Acknowledge",
  unacknowledge: "Give back",
  resolve: "Resolve",
  reopen: "Re-open",
  snooze: "Snooze",
  wake: "Wake",
  note: "Note on",
};

/** "Resolve #12" */
export function nameOf({ verb, incident }: Action): string {
  return `${WORDS[verb]} #${incident.number}`;
}

/**
 * Why an action that waited is better not sent now; undefined: send it.
 *
 * A note is always sent: what somebody saw stays true. Acknowledging is sent for half a day:
 * whoever comes second only helps. Everything else undoes what a colleague may have done
 * since, without having seen it.
 */
export function whyNot(
  action: Unsent,
  fresh: Fresh,
  now: number,
): string | undefined {
  const { verb, at, userId } = action;
  if (verb === "note") return undefined;
  if (now - Date.parse(at) > TOO_OLD_MS)
    return "it was pressed more than 12 hours ago";
  if (verb === "snooze" && Date.parse(action.until) <= now)
    return "the time to snooze until has passed";
  if (verb === "acknowledge" || (verb === "resolve" && fresh.resolved))
    return undefined;
  const someoneElse = (who: Person, when: string) =>
    Date.parse(when) > Date.parse(at) && who.id !== userId;
  if (fresh.resolved && someoneElse(fresh.resolvedBy, fresh.resolvedAt))
    return `${fresh.resolvedBy.name} resolved it meanwhile`;
  if (someoneElse(fresh.acknowledgedBy, fresh.acknowledgedAt))
    return `${fresh.acknowledgedBy.name} acknowledged it meanwhile`;
  return undefined;
}

/** Reads an incident as the API gives it; undefined: it is something else. */
export function freshOf(json: unknown): Fresh | undefined {
  const status = textOf(json, "status");
  if (!["triggered", "acknowledged", "resolved"].includes(status))
    return undefined;
  return {
    resolved: status === "resolved",
    resolvedAt: textOf(json, "resolved_at"),
    resolvedBy: personOf(fieldOf(json, "resolved_by")),
    acknowledgedAt: textOf(json, "acknowledged_at"),
    acknowledgedBy: personOf(fieldOf(json, "acknowledged_by")),
  };
}

/** Nobody: its source did it. */
function personOf(json: unknown): Person {
  return {
    id: textOf(json, "id"),
    name: textOf(json, "name") || "its source",
  };
}
