import type {
  EscalationPolicy,
  EscalationPolicyIn,
  PolicyStepIn,
  PolicyTargetIn,
  TargetKind,
} from "../../api/generated";

export const UNIT_S = { s: 1, min: 60, h: 3600 } as const;
export type Unit = keyof typeof UNIT_S;
export const UNITS: readonly Unit[] = ["s", "min", "h"];

export const SHORTEST_S = 30;
export const LONGEST_S = 24 * 3600;
export const MOST_REPEATS = 9;
export const MOST_STEPS = 20;

export interface Target {
  kind: TargetKind;
  id: string;
  /** null: it no longer exists */
  name: string | null;
  /** of a schedule */
  which?: PolicyTargetIn["which"];
}

/** What is not edited here is sent back as it came. */
type KeptOfStep = Omit<PolicyStepIn, "timeout_s" | "targets">;
type KeptOfPolicy = Pick<
  EscalationPolicyIn,
  "ack_timeout_s" | "low_urgency_hours"
>;

export interface DraftStep {
  /** stays with the step when it moves */
  key: string;
  /** a string while it is being typed */
  amount: number | string;
  unit: Unit;
  targets: Target[];
  kept?: KeptOfStep;
}

/** A policy as it is being edited. */
export interface Draft {
  name: string;
  team_id: string;
  repeats: number | string;
  steps: DraftStep[];
  kept?: KeptOfPolicy;
}

/** A step that pages nobody yet. */
export function newStep(): DraftStep {
  return { key: crypto.randomUUID(), amount: 5, unit: "min", targets: [] };
}

export function draftOf(policy: EscalationPolicy): Draft {
  return {
    name: policy.name,
    team_id: policy.team.id,
    repeats: policy.repeats,
    steps: policy.steps.map(({ timeout_s, targets, ...kept }) => ({
      ...newStep(),
      ...inUnit(timeout_s),
      targets,
      kept,
    })),
    kept: {
      ack_timeout_s: policy.ack_timeout_s,
      low_urgency_hours: policy.low_urgency_hours,
    },
  };
}

/** 300 s are 5 min: the largest unit that leaves a whole number. */
function inUnit(seconds: number): { amount: number; unit: Unit } {
  const unit =
    seconds % UNIT_S.h === 0 ? "h" : seconds % UNIT_S.min === 0 ? "min" : "s";
  return { amount: seconds / UNIT_S[unit], unit };
}

export function seconds({ amount, unit }: DraftStep): number {
  return Math.round(Number(amount) * UNIT_S[unit]);
}

export function bodyOf(draft: Draft): EscalationPolicyIn {
  return {
    name: draft.name.trim(),
    team_id: draft.team_id,
    repeats: Number(draft.repeats),
    ...draft.kept,
    steps: draft.steps.map((step) => ({
      ...step.kept,
      timeout_s: seconds(step),
      targets: step.targets.map(({ kind, id, which }) =>
        which ? { kind, id, which } : { kind, id },
      ),
    })),
  };
}

/** What is missing or wrong in a step, or null. */
export function stepProblem(step: DraftStep): string | null {
  if (step.targets.length === 0) return "Say who is paged";
  const wait = seconds(step);
  if (!(wait >= SHORTEST_S && wait <= LONGEST_S))
    return "Wait at least 30 seconds and at most 24 hours";
  return null;
}

function named({ kind, name }: Target): string {
  if (name === null) return `a ${kind} that no longer exists`;
  if (kind === "schedule") return `whoever is on call for ${name}`;
  return kind === "team" ? `the ${name} team` : name;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return last ?? "nobody yet";
  return `${words.slice(0, -1).join(", ")} and ${last}`;
}

function times(repeats: number): string {
  if (repeats === 1) return "once";
  return repeats === 2 ? "twice" : `${repeats} times`;
}

/** "1 min 30 s": nothing rounded away, because it is what will happen. */
export function exactly(wait_s: number): string {
  const parts = [
    [Math.floor(wait_s / UNIT_S.h), "h"],
    [Math.floor((wait_s % UNIT_S.h) / UNIT_S.min), "min"],
    [wait_s % UNIT_S.min, "s"],
  ] as const;
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount} ${unit}`)
      .join(" ") || "0 s"
  );
}

interface Plan {
  repeats: number;
  steps: readonly { timeout_s: number; targets: readonly Target[] }[];
}

/** The policy as a sentence that one can read aloud. */
export function sentence({ steps, repeats }: Plan): string {
  const parts = steps.map(
    ({ targets, timeout_s }, at) =>
      `${at === 0 ? "Page" : "then page"} ${listed(targets.map(named))}, wait ${exactly(timeout_s)}`,
  );
  const again = repeats > 0 ? [`repeat all of it ${times(repeats)}`] : [];
  return `${[...parts, ...again, "then tell the platform admins"].join(", ")}.`;
}

export function planOf(draft: Draft): Plan {
  return {
    repeats: Number(draft.repeats) || 0,
    steps: draft.steps.map((step) => ({
      timeout_s: seconds(step) || 0,
      targets: step.targets,
    })),
  };
}
