import type { EscalationPolicy, PolicyStep } from "../../api/generated";
import { exactly } from "../../ui/spans";
import { listed } from "../../ui/story";
import { windowInWords } from "../../ui/week";
import { type Draft, type DraftStep, seconds, type Target } from "./draft";

/** What a policy says, whether it is saved or being edited. */
export interface Plan {
  repeats: number;
  steps: readonly PlanStep[];
  ack_timeout_s: number | null;
  low_urgency_hours: unknown;
}

type PlanStep = Pick<PolicyStep, "only_urgency" | "round_robin"> & {
  timeout_s: number;
  targets: readonly Target[];
  acknowledgements: number;
  only_hours: { inside?: boolean } | null;
  wait_for: unknown;
};

export function planOf(draft: Draft): Plan {
  return {
    ...draft,
    repeats: Number(draft.repeats) || 0,
    steps: draft.steps.map((step: DraftStep) => ({
      ...step,
      timeout_s: seconds(step) || 0,
      acknowledgements: Number(step.acknowledgements) || 1,
    })),
  };
}

/** The policy as a sentence or three that one can read aloud. */
export function sentence(policy: Plan): string {
  const parts = policy.steps.map((step, at) =>
    at === 0 ? capital(stepInWords(step)) : `then ${stepInWords(step)}`,
  );
  const again =
    policy.repeats > 0 ? [`repeat all of it ${times(policy.repeats)}`] : [];
  const all = [...parts, ...again, "then tell the platform admins"].join(", ");
  return [`${all}.`, ...policyInWords(policy)].join(" ");
}

function stepInWords(step: PlanStep): string {
  const rooms = step.targets.filter(({ kind }) => kind === "room");
  const people = step.targets.filter(({ kind }) => kind !== "room");
  const posts = rooms.length > 0 ? `post in ${listed(rooms.map(named))}` : "";
  if (people.length === 0 && posts)
    return `${posts}${whenOf(step)}, wait ${exactly(step.timeout_s)}`;
  const who = listed(people.map(named)) || "nobody yet";
  const many = step.acknowledgements > 1 ? step.acknowledgements : "one";
  const turn = step.round_robin ? `${many} in turn of ` : "";
  const wanted =
    step.acknowledgements > 1
      ? ` until ${step.acknowledgements} have acknowledged`
      : "";
  const also = posts && ` and ${posts}`;
  return `page ${turn}${who}${also}${whenOf(step)}${wanted}, wait ${exactly(step.timeout_s)}`;
}

function whenOf(step: PlanStep): string {
  const conditions = conditionsOf(step);
  return conditions.length > 0 ? ` (${conditions.join(", ")})` : "";
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function conditionsOf(step: PlanStep): string[] {
  const { only_urgency: urgency, only_hours: only, wait_for } = step;
  return [
    ...(urgency
      ? [urgency === "high" ? "only if urgent" : "only if not urgent"]
      : []),
    ...(only
      ? [only.inside === false ? "outside of its hours" : "in its hours"]
      : []),
    ...(wait_for ? ["once its hours begin"] : []),
  ];
}

/** What holds for the whole policy. */
export function policyInWords(
  policy: Pick<Plan, "ack_timeout_s" | "low_urgency_hours">,
): string[] {
  const { ack_timeout_s: timeout, low_urgency_hours: hours } = policy;
  return [
    ...(timeout === null
      ? []
      : [
          `What is acknowledged and not resolved within ${exactly(timeout)} pages anew.`,
        ]),
    ...(hours ? ["What is not urgent waits for working hours."] : []),
  ];
}

function named({ kind, name, which, hidden }: Target): string {
  if (hidden) return `a ${kind} that you do not see`;
  if (name === null) return `a ${kind} that no longer exists`;
  if (kind === "team") return `the ${name} team`;
  if (kind === "user" || kind === "room") return name;
  if (which === "next") return `whoever is next on call for ${name}`;
  return which === "all"
    ? `everybody on call in the layers of ${name}`
    : `whoever is on call for ${name}`;
}

function times(repeats: number): string {
  if (repeats === 1) return "once";
  return repeats === 2 ? "twice" : `${repeats} times`;
}

/** "Mon–Fri, 09:00 to 17:00 (Europe/Paris)" */
export function hoursInWords(
  hours: NonNullable<EscalationPolicy["low_urgency_hours"]>,
): string {
  return `${hours.windows.map(windowInWords).join("; ")} (${hours.time_zone})`;
}

/** What is special about a step, a line each; nothing for most. */
export function optionsOf(step: PolicyStep): string[] {
  const { only_urgency, only_hours, wait_for, round_robin } = step;
  return [
    ...(round_robin
      ? [
          step.acknowledgements > 1
            ? `Pages ${step.acknowledgements} of them in turn`
            : "Pages one of them in turn",
        ]
      : []),
    ...(only_urgency
      ? [
          only_urgency === "high"
            ? "Only for what is urgent"
            : "Only for what is not urgent",
        ]
      : []),
    ...(only_hours
      ? [
          `${only_hours.inside === false ? "Only outside of" : "Only in"} ${hoursInWords(only_hours)}`,
        ]
      : []),
    ...(wait_for ? [`Waits for ${hoursInWords(wait_for)}`] : []),
    ...(step.acknowledgements > 1
      ? [`Goes on until ${step.acknowledgements} people have acknowledged`]
      : []),
  ];
}
