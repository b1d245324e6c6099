import type {
  HoldReason,
  PlannedMessage,
  PlannedPerson,
  PlanStep,
  PolicyTarget,
  Skip,
  SkipReason,
} from "../api/generated";

const QUIET = "in the app";
const WAYS: Readonly<Record<string, string>> = {
  discord: "on Discord",
  email: "by e-mail",
  mattermost: "on Mattermost",
  in_app: QUIET,
  push: "by push",
  slack: "on Slack",
  sms: "by SMS",
  teams: "on Teams",
  telegram: "on Telegram",
  voice: "by phone",
};

/** "by phone": how a channel reaches somebody. */
export function way(channel: string): string {
  return WAYS[channel] ?? `by ${channel.replaceAll("_", " ")}`;
}

/** What reaches people who are not looking comes first; nothing twice. */
export function waysInOrder(ways: readonly string[]): string[] {
  const all = [...new Set(ways)];
  const loud = all.filter((each) => !each.startsWith(QUIET));
  return [...loud, ...all.filter((each) => each.startsWith(QUIET))];
}

/** "a", "a and b", "a, b and c" */
export function listed(words: readonly string[]): string {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return last ?? "";
  return `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** Why somebody is meant: "on call for Primary". */
export function because({ kind, name, which }: PolicyTarget): string {
  const shown = name ?? "what no longer exists";
  if (kind === "user" || kind === "room") return "named";
  if (kind === "team") return `in the ${shown} team`;
  if (which === "next") return `next on call for ${shown}`;
  return which === "all"
    ? `on call in a layer of ${shown}`
    : `on call for ${shown}`;
}

export function skipWords(reason: PlanStep["reason"]): string {
  const words: Record<SkipReason | HoldReason, string> = {
    nobody: "nobody is meant by it then",
    urgency: "it is for incidents of the other urgency",
    hours: "it is for other hours",
    window: "it waits for its hours",
    low_urgency: "what is not urgent waits for working hours",
  };
  return reason ? words[reason] : "";
}

const NOT_SENT: Readonly<Record<string, string>> = {
  acknowledged: "somebody has it by then",
  resolved: "it is over by then",
  snoozed: "it is snoozed by then",
  reassigned: "somebody else was asked",
  merged: "it was merged",
  user_deactivated: "the account is deactivated",
  method_disabled: "the contact method is disabled",
  no_contact_method: "there is no way to reach this person",
  channel_not_set_up: "nobody has set this channel up",
  not_verified: "the address has not been verified",
  too_many_lately: "the phone has got enough for ten minutes",
};

export function notSent(skip: Skip): string {
  return NOT_SENT[skip] ?? skip.replaceAll("_", " ");
}

/** "Step 2, again": as people count. */
export function stepName({ step, repeat = 0 }: PlanStep): string {
  const name = `Step ${(step ?? 0) + 1}`;
  return repeat > 0 ? `${name}, repeat ${repeat}` : name;
}

/** What happens at one instant of a story. */
export interface Item {
  at: string;
  kind: "page" | "not_sent" | "skip" | "hold" | "note" | "exhausted";
  /** who is paged; none: it is about a step */
  who?: string[];
  /** how: "by phone, by SMS", or what happens */
  what: string;
  why: string;
  /** until when it is held */
  until?: string | null;
}

export interface Minute {
  /** counted from the beginning */
  minute: number;
  at: string;
  items: Item[];
}

/** Minute by minute from `start` on: who is paged how and why, and what happens to steps. */
export function minutesOf(
  steps: readonly PlanStep[],
  start: string,
  until: string,
): Minute[] {
  const from = Date.parse(start);
  const items = steps
    .flatMap(itemsOf)
    .filter(({ at }) => Date.parse(at) < Date.parse(until))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const minutes = new Map<number, Minute>();
  for (const item of items) {
    const minute = Math.max(
      0,
      Math.floor((Date.parse(item.at) - from) / 60_000),
    );
    const found = minutes.get(minute);
    if (found) add(found.items, item);
    else minutes.set(minute, { minute, at: item.at, items: [item] });
  }
  return [...minutes.values()];
}

/** People who are told the same way for the same reason are one item. */
function add(items: Item[], item: Item) {
  const same = items.find(
    ({ kind, what, why }) =>
      kind === item.kind && what === item.what && why === item.why,
  );
  if (same?.who && item.who) same.who.push(...item.who);
  else items.push(item);
}

function itemsOf(step: PlanStep): Item[] {
  const told = happening(step);
  return [
    ...(told ? [told] : []),
    ...(step.people ?? []).flatMap((person) => messagesOf(step, person)),
  ];
}

/** What happens besides paging. */
function happening(step: PlanStep): Item | null {
  const { at, kind, reason, until } = step;
  switch (kind) {
    case "skip":
      return {
        at,
        kind,
        what: `${stepName(step)} is passed over`,
        why: skipWords(reason),
      };
    case "hold":
      return {
        at,
        kind,
        what: "Nobody is paged",
        why: skipWords(reason),
        until,
      };
    case "begins_anew":
      return { at, kind: "note", what: "It begins anew", why: "" };
    case "give_up":
      return {
        at,
        kind: "note",
        what: "Nobody is asked again",
        why: "too few have acknowledged in spite of reminders",
      };
    case "exhausted":
      return {
        at,
        kind,
        what: "The platform admins are told",
        why: "every step has run",
      };
    default:
      return null;
  }
}

/** The messages of one person, those of one minute together. */
function messagesOf(step: PlanStep, person: PlannedPerson): Item[] {
  const at = (message: PlannedMessage) =>
    Math.floor(Date.parse(message.at) / 60_000);
  const sent = person.messages.filter(({ skip }) => !skip);
  const minutes = [...new Set(sent.map(at))];
  const why = whyPaged(step, person);
  const who = () => [person.user.name];
  return [
    ...minutes.map((minute): Item => {
      const some = sent.filter((message) => at(message) === minute);
      const ways = some.map(({ channel }) => way(channel ?? ""));
      return {
        at: some[0]?.at ?? step.at,
        kind: "page",
        who: who(),
        what: waysInOrder(ways).join(", "),
        why,
      };
    }),
    ...person.messages.flatMap(({ at: sendAt, channel, skip }): Item[] =>
      skip
        ? [
            {
              at: sendAt,
              kind: "not_sent",
              who: who(),
              what: `not told${channel ? ` ${way(channel)}` : ""}`,
              why: notSent(skip),
            },
          ]
        : [],
    ),
  ];
}

function whyPaged(step: PlanStep, { targets }: PlannedPerson): string {
  if (step.kind === "exhausted") return "platform admin";
  const again = step.kind === "remind" ? ", asked again" : "";
  const meant = targets.map(because).filter((words) => words !== "named");
  const name = `${stepName(step).toLowerCase()}${again}`;
  return meant.length > 0 ? `${name}: ${listed(meant)}` : name;
}
