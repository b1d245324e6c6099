import type { TimelineEvent } from "../../api/generated";

const MOST_NAMES = 4;

type Data = TimelineEvent["data"];

/** A text of the event's data, or nothing. */
function text(data: Data, name: string): string | undefined {
  const value = data[name];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The name in `{"name": …}`, or the text itself. */
function named(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  const name: unknown = Reflect.get(value, "name");
  return typeof name === "string" ? [name] : [];
}

function names(data: Data, name: string): string | undefined {
  const value = data[name];
  const found = Array.isArray(value) ? value.flatMap(named) : named(value);
  if (found.length === 0) return undefined;
  // a whole department is not a sentence
  const left = found.length - MOST_NAMES;
  return left > 1
    ? `${found.slice(0, MOST_NAMES).join(", ")} and ${left} more`
    : found.join(", ");
}

function reasoned(start: string, reason: string | undefined): string {
  return reason ? `${start}: ${reason}` : start;
}

/** A runbook and which of its versions. */
function run(data: Data): string {
  const version = text(data, "version");
  return `“${text(data, "name") ?? "?"}”${version ? ` (version ${version})` : ""}`;
}

const WORDS: Record<string, (data: Data) => string> = {
  "incident.triggered": ({ declared }) =>
    declared === true ? "declared the incident" : "opened the incident",
  "incident.joined": (data) =>
    reasoned("reported again", names(data, "titles")),
  "incident.acknowledged": () => "acknowledged",
  "incident.acknowledged_too": () => "acknowledged too",
  "incident.acknowledgement_expired": (data) =>
    `took it from ${names(data, "users") ?? "whoever had it"}, who had it for too long: it escalates again`,
  "incident.unacknowledged": () => "un-acknowledged: it escalates again",
  "incident.resolved": (data) => reasoned("resolved", text(data, "note")),
  "incident.reopened": () => "re-opened: it escalates again",
  "incident.snoozed": () => "snoozed",
  "status_incident.published": (data) =>
    `told people on ${text(data, "page") ?? "a status page"}: “${text(data, "name") ?? "?"}” is ${text(data, "status") ?? "told"}`,
  "status_incident.changed": (data) =>
    `changed “${text(data, "name") ?? "?"}” on ${text(data, "page") ?? "a status page"}`,
  "status_incident.corrected": (data) =>
    `corrected what ${text(data, "page") ?? "a status page"} says about “${text(data, "name") ?? "?"}”`,
  "status_incident.removed": (data) =>
    `took “${text(data, "name") ?? "?"}” off ${text(data, "page") ?? "a status page"}`,
  "incident.woke": () => "ended the snooze: it escalates again",
  "incident.reassigned": (data) =>
    `reassigned to ${names(data, "user") ?? names(data, "policy") ?? "somebody else"}`,
  "incident.responder_added": (data) =>
    `asked ${names(data, "user") ?? "somebody"} to help`,
  "incident.responder_removed": (data) =>
    `took ${names(data, "user") ?? "somebody"} off the incident`,
  "workflow.started": () => "began",
  "workflow.waiting": (data) =>
    `asks: ${text(data, "question") ?? "may it go on?"}`,
  "workflow.answered": (data) =>
    `${data.approved === true ? "approved" : "rejected"}: ${text(data, "question") ?? "a step"}`,
  "workflow.step_failed": (data) =>
    reasoned(
      `could not do “${text(data, "step") ?? "a step"}”`,
      text(data, "reason"),
    ),
  "workflow.finished": () => "finished",
  "workflow.failed": () => "failed",
  "workflow.cancelled": () => "cancelled the workflow",
  "workflow.held_back": (data) =>
    reasoned("was not started", text(data, "reason")),
  "incident.note": () => "noted",
  "incident.called_noise": () => "said that this page was noise",
  "incident.not_called_noise": () => "took back that this page was noise",
  "incident.routed_since": (data) =>
    `found the place of alerts like “${text(data, "title") ?? "this one"}”: from now on they go to ${names(data, "service") ?? "another service"}`,
  "runbook.emergency_asked": (data) =>
    reasoned(
      `asks to break glass for the runbook ${run(data)}`,
      text(data, "reason"),
    ),
  "runbook.emergency_confirmed": (data) =>
    reasoned(
      `broke glass: the runbook ${run(data)} may run unapproved`,
      text(data, "reason"),
    ),
  "runbook.emergency_reviewed": (data) =>
    `looked back at running ${run(data)} unapproved`,
  "runbook_run.queued": (data) => `asked for the runbook ${run(data)}`,
  "runbook_run.running": (data) => `started the runbook ${run(data)}`,
  "runbook_run.succeeded": (data) => `ran the runbook ${run(data)}: it worked`,
  "runbook_run.failed": (data) => `ran the runbook ${run(data)}: it failed`,
  "runbook_run.timed_out": (data) =>
    `waited too long for the runbook ${run(data)}`,
  "runbook_run.cancelling": (data) => `cancels the runbook ${run(data)}`,
  "runbook_run.cancelled": (data) => `cancelled the runbook ${run(data)}`,
  "runbook_run.unknown": (data) =>
    `cannot tell what became of the runbook ${run(data)}`,
  "postmortem.created": (data) => `began the postmortem ${titled(data)}`,
  "postmortem.submitted": (data) =>
    `sent the postmortem ${titled(data)} to review`,
  "postmortem.returned": (data) =>
    `took the postmortem ${titled(data)} back from review`,
  "postmortem.published": (data) => `published the postmortem ${titled(data)}`,
  "postmortem.reopened": (data) =>
    `opened the postmortem ${titled(data)} again`,
  "postmortem.removed": (data) => `removed the postmortem ${titled(data)}`,
  "incident.merged": (data) =>
    data.into
      ? `merged this into ${mentioned(data.into)}`
      : `merged ${mentioned(data.from)} into this`,
  "incident.unmerged": (data) =>
    data.from
      ? `took this out of ${mentioned(data.from)} again`
      : `took ${mentioned(data.into)} out of this again`,
  "incident.updated": (data) => changed(data.changes),
  "escalation.paged": (data) => {
    const cause = text(data, "cause");
    return `${told(data)}${cause ? ` (${cause})` : ""}`;
  },
  "escalation.skipped": (data) =>
    `skipped step ${text(data, "step") ?? ""}: ${skipReason(data)}`,
  "escalation.held": (data) => {
    const step = text(data, "step");
    return step
      ? `waits for the hours of step ${step}`
      : "waits for working hours, as it is not urgent";
  },
  "escalation.gave_up": (data) =>
    `asks nobody else: ${text(data, "acknowledged") ?? "too few"} of ${text(data, "wanted") ?? "several"} have acknowledged`,
  "escalation.exhausted": (data) =>
    `ran out of steps and told ${names(data, "users") ?? "nobody"}`,
  "escalation.put_off": () => "could not escalate and will try again",
  "notification.accepted": (data) => `reached ${recipient(data)}`,
  "notification.failed": (data) =>
    reasoned(`could not reach ${recipient(data)}`, text(data, "error")),
  "notification.unconfirmed": (data) =>
    `does not know whether it reached ${recipient(data)}, and tries another way`,
  "notification.unreached": (data) =>
    `has no way left to wake ${names(data, "user") ?? "somebody"}, and told ${names(data, "told") ?? "nobody"}`,
  "incident.chat_made": (data) =>
    `made the chat ${text(data, "name") ?? "of this incident"} by ${channelOf(data)}`,
  "incident.chat_failed": (data) =>
    reasoned(
      `cannot keep the chat ${text(data, "name") ?? "of this incident"} by ${channelOf(data)}`,
      text(data, "error"),
    ),
  "escalation.hastened": () => "passed it on: the next step is paged now",
  "notification.skipped": (data) =>
    reasoned(
      `did not tell ${recipient(data)}`,
      text(data, "reason")?.replaceAll("_", " "),
    ),
};

function titled(data: Data): string {
  return `“${text(data, "title") ?? "?"}”`;
}

/** "paged Ana and posted in Ops" */
function told(data: Data): string {
  const people = names(data, "users");
  const rooms = names(data, "rooms");
  if (!rooms) return `paged ${people ?? "nobody"}`;
  return people
    ? `paged ${people} and posted in ${rooms}`
    : `posted in ${rooms}`;
}

function skipReason(data: Data): string {
  const reason = text(data, "reason");
  if (reason === "urgency") return "it is for another urgency";
  if (reason === "hours") return "it is for other hours";
  return "there was nobody to page";
}

/** "#12" of `{"id": …, "number": 12}` */
function mentioned(value: unknown): string {
  const number: unknown =
    typeof value === "object" && value !== null
      ? Reflect.get(value, "number")
      : undefined;
  return number === undefined ? "another incident" : `#${number}`;
}

/** "changed the priority to P1" of `{"priority": {"from": null, "to": "P1"}}` */
function changed(changes: unknown): string {
  if (typeof changes !== "object" || changes === null) return "changed it";
  const parts = Object.entries(changes).map(([name, change]) => {
    const to: unknown =
      typeof change === "object" && change !== null
        ? Reflect.get(change, "to")
        : undefined;
    return `the ${name} to ${to ?? "none"}`;
  });
  return `changed ${parts.join(" and ")}`;
}

function channelOf(data: Data): string {
  return (text(data, "channel") ?? "chat").replaceAll("_", " ");
}

function recipient(data: Data): string {
  const room = names(data, "room");
  const who = room ? `the room ${room}` : (names(data, "user") ?? "somebody");
  const how = text(data, "channel");
  return how ? `${who} by ${how.replaceAll("_", " ")}` : who;
}

/** What happened, as the rest of a sentence that begins with the actor's name. */
export function wordsFor(event: Pick<TimelineEvent, "kind" | "data">): string {
  const words = WORDS[event.kind];
  // a newer server may tell of more than this page knows
  return words ? words(event.data) : event.kind.replace(/[._]/g, " ");
}

/** The instant that an event speaks of, e.g. until when it was snoozed. */
export function untilOf(
  event: Pick<TimelineEvent, "data">,
): string | undefined {
  return text(event.data, "until");
}

/** What a person wrote. */
export function noteOf(
  event: Pick<TimelineEvent, "kind" | "data">,
): string | undefined {
  return event.kind === "incident.note" ? text(event.data, "text") : undefined;
}

export const WHO = ["everything", "people", "machine"] as const;
export type Who = (typeof WHO)[number];

/** Is this event one of those? */
export function isBy(who: Who, event: Pick<TimelineEvent, "actor">): boolean {
  if (who === "everything") return true;
  return (event.actor.kind === "user") === (who === "people");
}
