import type {
  EscalationPolicy,
  EscalationPolicyIn,
  PolicyStepIn,
  PolicyTarget,
  Urgency,
  Which,
  WorkingHoursInput,
} from "../../api/generated";
import { inUnit, UNIT_S } from "../../ui/spans";
import {
  hoursOf,
  newHours,
  newKey,
  type WeekHours,
  WORKDAYS,
  windowsOf,
} from "../../ui/week";

export type Unit = "s" | "min" | "h";
export const UNITS: readonly Unit[] = ["s", "min", "h"];

export const MOST_REPEATS = 9;
export const MOST_STEPS = 20;
export const MOST_TARGETS = 20;
export const MOST_ACKNOWLEDGEMENTS = 10;

export interface Target {
  kind: PolicyTarget["kind"];
  id: string;
  /** null: it no longer exists */
  name: string | null;
  /** whom of a schedule; means nothing elsewhere */
  which: Which;
  /** of a team that one does not see: it stays as it is */
  hidden: boolean;
}

export const WHICH: readonly Which[] = ["current", "next", "all"];

export interface HoursDraft {
  time_zone: string;
  hours: WeekHours[];
}

export interface OnlyHoursDraft extends HoursDraft {
  /** false: outside of them */
  inside: boolean;
}

export interface DraftStep {
  /** stays with the step when it moves */
  key: string;
  /** a string while it is being typed */
  amount: number | string;
  unit: Unit;
  targets: Target[];
  round_robin: boolean;
  only_urgency: Urgency | null;
  /** null: at any time */
  only_hours: OnlyHoursDraft | null;
  /** null: it begins when the one before it ends */
  wait_for: HoursDraft | null;
  acknowledgements: number | string;
}

/** A policy as it is being edited. */
export interface Draft {
  name: string;
  team_id: string;
  repeats: number | string;
  steps: DraftStep[];
  /** null: whoever has it keeps it */
  ack_timeout_s: number | null;
  /** null: at any time */
  low_urgency_hours: HoursDraft | null;
}

/** A step that pages nobody yet. */
export function newStep(): DraftStep {
  return {
    key: newKey(),
    amount: 5,
    unit: "min",
    targets: [],
    round_robin: false,
    only_urgency: null,
    only_hours: null,
    wait_for: null,
    acknowledgements: 1,
  };
}

export function newDraft(teamId: string): Draft {
  return {
    name: "",
    team_id: teamId,
    repeats: 1,
    steps: [newStep()],
    ack_timeout_s: null,
    low_urgency_hours: null,
  };
}

/** Monday to Friday, 9 to 17. */
export function workingHours(zone: string): HoursDraft {
  return { time_zone: zone, hours: [newHours(WORKDAYS)] };
}

/** Which of a schedule are not paged by these targets yet. */
export function whichLeft(targets: readonly Target[], id: string): Which[] {
  const taken = targets.filter((each) => each.id === id);
  return WHICH.filter((which) => !taken.some((each) => each.which === which));
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.kind === b.kind && a.id === b.id && a.which === b.which;
}

export function draftOf(policy: EscalationPolicy): Draft {
  return {
    name: policy.name,
    team_id: policy.team.id,
    repeats: policy.repeats,
    steps: policy.steps.map(stepDraft),
    ack_timeout_s: policy.ack_timeout_s,
    low_urgency_hours: hoursDraft(policy.low_urgency_hours),
  };
}

function stepDraft(step: EscalationPolicy["steps"][number]): DraftStep {
  const { timeout_s, only_hours: only, wait_for, ...same } = step;
  const { amount, unit } = inUnit(timeout_s, UNITS);
  const hours = hoursDraft(only);
  return {
    ...same,
    key: newKey(),
    amount,
    unit: UNITS.find((each) => each === unit) ?? "s",
    only_hours: hours && { ...hours, inside: only?.inside ?? true },
    wait_for: hoursDraft(wait_for),
  };
}

function hoursDraft(hours: WorkingHoursInput | null): HoursDraft | null {
  return hours && { time_zone: hours.time_zone, hours: hoursOf(hours.windows) };
}

/** How long a step waits; not a number while it is being typed. */
export function seconds({ amount, unit }: DraftStep): number {
  return amount === "" ? Number.NaN : Math.round(Number(amount) * UNIT_S[unit]);
}

export function bodyOf(draft: Draft): EscalationPolicyIn {
  return {
    name: draft.name.trim(),
    team_id: draft.team_id,
    repeats: Number(draft.repeats),
    steps: draft.steps.map(stepIn),
    ack_timeout_s: draft.ack_timeout_s,
    low_urgency_hours: hoursIn(draft.low_urgency_hours),
  };
}

function stepIn(step: DraftStep): PolicyStepIn {
  const { targets, only_hours: only, round_robin, only_urgency } = step;
  const hours = hoursIn(only);
  return {
    timeout_s: seconds(step),
    targets: targets.map(({ kind, id, which }) => ({ kind, id, which })),
    round_robin,
    only_urgency,
    only_hours: hours && { ...hours, inside: only?.inside ?? true },
    wait_for: hoursIn(step.wait_for),
    acknowledgements: Number(step.acknowledgements),
  };
}

function hoursIn(draft: HoursDraft | null): WorkingHoursInput | null {
  return (
    draft && { time_zone: draft.time_zone, windows: windowsOf(draft.hours) }
  );
}
