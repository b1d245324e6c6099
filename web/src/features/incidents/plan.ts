import type {
  IncidentPlan,
  PlannedPerson,
  PlanStep,
  UserRef,
} from "../../api/generated";
import {
  because,
  listed,
  skipWords,
  stepName,
  way,
  waysInOrder,
} from "../../ui/story";

/** Who is told at one instant, and how: what the countdown is for. */
export interface Coming {
  at: string;
  /** "Ben", "Ben and Cy", "Ben, Cy and 4 others" */
  who: string;
  how: string;
}

const MOST_NAMES = 3;

/** Every message to come, soonest first, those of one instant together. */
export function comingOf(plan: IncidentPlan): Coming[] {
  const found = new Map<number, { names: Set<string>; ways: Set<string> }>();
  const add = (at: string, name: string, channel: string | null) => {
    const time = Date.parse(at);
    const one = found.get(time) ?? { names: new Set(), ways: new Set() };
    found.set(time, one);
    one.names.add(name);
    if (channel) one.ways.add(way(channel));
  };
  for (const { at, user, channel } of plan.pending) add(at, user.name, channel);
  for (const { kind, people = [] } of plan.steps)
    for (const { user, messages } of people)
      for (const { at, channel, skip } of messages)
        if (!skip) add(at, kind === "exhausted" ? ADMINS : user.name, channel);
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([time, { names, ways }]) => ({
      at: new Date(time).toISOString(),
      who: someOf([...names]),
      how: listed(loudest(waysInOrder([...ways]))),
    }));
}

const ADMINS = "the platform admins";
/** What reaches people who are not looking; the app alone where there is nothing else. */
function loudest(ways: string[]): string[] {
  const loud = ways.filter((each) => each !== way("in_app"));
  return loud.length > 0 ? loud : ways;
}

function someOf(names: string[]): string {
  const more = names.length - MOST_NAMES;
  if (more <= 1) return listed(names);
  return `${names.slice(0, MOST_NAMES).join(", ")} and ${more} others`;
}

/** One thing that the escalation will do. */
export interface Rung {
  key: string;
  at: string;
  title: string;
  /** a line each: how somebody is told and why, or why nothing happens */
  lines: string[];
  /** until when nobody is paged */
  until: string | null;
}

/** What is still to come, next first; steps that are passed over stand with what follows them. */
export function rungsOf(plan: IncidentPlan): Rung[] {
  return plan.steps.map((step, place) => ({
    key: `${place} ${step.kind}`,
    at: step.at,
    until: step.kind === "hold" ? (step.until ?? null) : null,
    ...wordsOf(step, plan),
  }));
}

function wordsOf(
  step: PlanStep,
  plan: IncidentPlan,
): Pick<Rung, "title" | "lines"> {
  const people = step.people ?? [];
  const who = someOf(people.map(({ user }) => user.name)) || "nobody";
  switch (step.kind) {
    case "begins_anew":
      return {
        title: "All steps begin anew",
        lines: [
          plan.status === "triggered"
            ? "the snooze is over then"
            : "nobody has resolved it by then",
        ],
      };
    case "skip":
      return {
        title: `${stepName(step)} is passed over`,
        lines: [skipWords(step.reason)],
      };
    case "hold":
      return { title: "Nobody is paged", lines: [skipWords(step.reason)] };
    case "give_up":
      return { title: "Nobody is asked again", lines: [] };
    case "exhausted":
      return {
        title: "The platform admins",
        lines: ["nobody has answered by then", ...howTold(people)],
      };
    default:
      return {
        title: step.kind === "remind" ? `${who}, again` : who,
        lines: [stepName(step), ...howTold(people)],
      };
  }
}

const MINUTE_MS = 60_000;

/** "by phone, by SMS after 2 min (on call for Primary)": by name only where people differ. */
function howTold(people: readonly PlannedPerson[]): string[] {
  const hows = new Map<string, string[]>();
  for (const person of people) {
    const how = howOne(person);
    hows.set(how, [...(hows.get(how) ?? []), person.user.name]);
  }
  const all = [...hows];
  if (all.length === 1) return all.map(([how]) => how);
  return all.map(([how, names]) => `${someOf(names)}: ${how}`);
}

function howOne({ messages, targets }: PlannedPerson): string {
  const sent = messages.filter(({ skip }) => !skip);
  const first = Math.min(...sent.map(({ at }) => Date.parse(at)));
  const ways = sent.map(({ at, channel }) => {
    const later = Math.round((Date.parse(at) - first) / MINUTE_MS);
    return `${way(channel ?? "")}${later > 0 ? ` after ${later} min` : ""}`;
  });
  const how = waysInOrder(ways).join(", ") || "cannot be reached";
  const why = targets.map(because).filter((words) => words !== "named");
  return `${how}${why.length > 0 ? ` (${listed(why)})` : ""}`;
}

/** "Ana has acknowledged, one more has to"; none: one is enough. */
export function wantedInWords({
  wanted,
  acknowledged_by: by,
}: Pick<IncidentPlan, "wanted"> & { acknowledged_by: UserRef[] }) {
  if (wanted < 1) return null;
  const names = listed(by.map(({ name }) => name));
  const more = wanted === 1 ? "one more has to" : `${wanted} more have to`;
  return `${names} ${by.length === 1 ? "has" : "have"} acknowledged, ${more}.`;
}
