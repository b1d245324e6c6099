import type { RuleActionsInput, RuleActionsOutput } from "../../api/generated";
import { exactly } from "../../ui/spans";

/** What a rule can do, in the order in which it is offered. */
export const ACTIONS = {
  service_id: "Send it to a service",
  suppress: "Tell nobody (suppress)",
  hold_s: "Hold it, in case it recovers",
  count: "Wait until it has fired often enough",
  severity: "Set the severity",
  priority: "Set the priority",
  urgency: "Set the urgency",
  labels: "Add labels",
  links: "Add links",
  dedup_key: "Make the dedup key",
  auto_resolve_s: "Resolve it when it falls silent",
} as const;
export type ActionKind = keyof typeof ACTIONS;
export const KINDS: readonly ActionKind[] = Object.keys(ACTIONS).filter(isKind);

export const PRIORITIES = ["P1", "P2", "P3", "P4", "P5"] as const;

function isKind(text: string): text is ActionKind {
  return text in ACTIONS;
}

/** Actions while they are edited: one that is there is chosen, though perhaps not complete. */
export interface Actions {
  service_id?: string | null;
  suppress?: { reason: string; for_s?: number | null };
  hold_s?: number | null;
  count?: { times: number | string; within_s: number | null };
  severity?: NonNullable<RuleActionsInput["severity"]>;
  priority?: NonNullable<RuleActionsInput["priority"]>;
  urgency?: NonNullable<RuleActionsInput["urgency"]>;
  labels?: Record<string, string>;
  /** the text by the address */
  links?: Record<string, string>;
  dedup_key?: string;
  auto_resolve_s?: number | null;
}

/** What an action is when it is first chosen. */
export const FRESH: Readonly<Required<Actions>> = {
  service_id: null,
  suppress: { reason: "" },
  hold_s: 120,
  count: { times: 3, within_s: 600 },
  severity: "warning",
  priority: "P3",
  urgency: "low",
  labels: {},
  links: {},
  dedup_key: "",
  auto_resolve_s: 3600,
};

export function chosen(actions: Actions): ActionKind[] {
  return KINDS.filter((kind) => actions[kind] !== undefined);
}

export function without(actions: Actions, kind: ActionKind): Actions {
  return { ...actions, [kind]: undefined };
}

export function actionsOf(kept: RuleActionsOutput): Actions {
  const { labels = {}, links = [], ...more } = kept;
  const said = Object.fromEntries(
    Object.entries(more).filter(([, value]) => value !== null),
  );
  return {
    ...said,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(links.length > 0 && {
      links: Object.fromEntries(
        links.map(({ href, text = "" }) => [href, text]),
      ),
    }),
  };
}

export function bodyOf(actions: Actions): RuleActionsInput {
  const { links, count, ...more } = actions;
  return {
    ...more,
    ...(links && {
      links: Object.entries(links).map(([href, text]) => ({ href, text })),
    }),
    ...(count && {
      count: { times: Number(count.times), within_s: count.within_s ?? 0 },
    }),
  };
}

/** Only what could be sent already. */
export function complete(actions: Actions): Actions {
  return KINDS.reduce(
    (left, kind) => (actionProblem(actions, kind) ? without(left, kind) : left),
    actions,
  );
}

const DAY_S = 86_400;
const MONTH_S = 30 * DAY_S;
const LONGEST_COUNT_S = DAY_S;
const MOST_COUNTED = 100;
const SHORTEST_SILENCE_S = 60;

type Check = (actions: Actions) => string | null;

function within(
  seconds: number | null | undefined,
  least: number,
  most: number,
) {
  if (seconds === undefined) return null;
  if (seconds !== null && seconds >= least && seconds <= most) return null;
  return `Say how long: ${exactly(least)} to ${exactly(most)}`;
}

const CHECKS: Partial<Record<ActionKind, Check>> = {
  service_id: ({ service_id }) =>
    service_id === null ? "Choose a service" : null,
  suppress: ({ suppress }) => {
    if (suppress && !suppress.reason.trim())
      return "Give a reason: it is shown wherever somebody misses the page";
    return suppress?.for_s ? within(suppress.for_s, 1, MONTH_S) : null;
  },
  hold_s: ({ hold_s }) => within(hold_s, 1, DAY_S),
  count: ({ count }) => {
    if (!count) return null;
    const times = Number(count.times);
    if (!(times >= 2 && times <= MOST_COUNTED))
      return `Say how often: 2 to ${MOST_COUNTED} times`;
    return within(count.within_s, 1, LONGEST_COUNT_S);
  },
  labels: ({ labels }) =>
    labels && Object.keys(labels).length === 0 ? "Add a label" : null,
  links: ({ links }) => {
    if (!links) return null;
    const addresses = Object.keys(links);
    if (addresses.length === 0) return "Add an address";
    return addresses.every((each) => /^https?:\/\/\S+$/i.test(each))
      ? null
      : "An address begins with https:// or http://";
  },
  dedup_key: ({ dedup_key }) =>
    dedup_key === "" ? "Write the template of the key" : null,
  auto_resolve_s: ({ auto_resolve_s }) =>
    within(auto_resolve_s, SHORTEST_SILENCE_S, MONTH_S),
};

/** What is missing or wrong in an action, or null. */
export function actionProblem(
  actions: Actions,
  kind: ActionKind,
): string | null {
  return CHECKS[kind]?.(actions) ?? null;
}

/** What a rule does besides choosing the service, a few words for each. */
export function actionsInWords(actions: RuleActionsOutput): string[] {
  const { suppress, hold_s, count, severity, priority, urgency } = actions;
  const { labels = {}, links = [], dedup_key, auto_resolve_s } = actions;
  const pairs = Object.entries(labels).map(([name, text]) => `${name}=${text}`);
  return [
    suppress &&
      `suppress${suppress.for_s ? ` for ${exactly(suppress.for_s)}` : ""}: ${suppress.reason}`,
    hold_s && `hold for ${exactly(hold_s)}`,
    count &&
      `page when it fires ${count.times} times within ${exactly(count.within_s)}`,
    severity && `severity ${severity}`,
    priority && `priority ${priority}`,
    urgency && `${urgency} urgency`,
    pairs.length > 0 && `label ${pairs.join(", ")}`,
    links.length > 0 &&
      `link ${links.map(({ href, text }) => text || href).join(", ")}`,
    dedup_key && `dedup key ${dedup_key}`,
    auto_resolve_s && `resolve after ${exactly(auto_resolve_s)} of silence`,
  ].flatMap((each) => each || []);
}
