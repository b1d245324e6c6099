import { UNIT_S } from "../../ui/spans";
import { hoursProblem } from "../../ui/week";
import {
  type Draft,
  type DraftStep,
  type HoursDraft,
  MOST_ACKNOWLEDGEMENTS,
  seconds,
} from "./draft";

const SHORTEST_S = 30;
const LONGEST_S = UNIT_S.d;
const SHORTEST_ACK_S = UNIT_S.min;
const LONGEST_ACK_S = 7 * UNIT_S.d;

/** What is missing or impossible, by the path of the field. */
export function problemsOf(draft: Draft): Record<string, string> {
  const found: Record<string, string> = {};
  if (!draft.name.trim()) found.name = "A policy needs a name";
  if (!draft.team_id) found.team_id = "Choose the team that keeps it";
  if (draft.repeats === "") found.repeats = "Say how often";
  const ack = draft.ack_timeout_s;
  if (ack !== null && !(ack >= SHORTEST_ACK_S && ack <= LONGEST_ACK_S))
    found.ack_timeout_s = "At least a minute and at most seven days";
  const hours = problemOfHours(draft.low_urgency_hours);
  if (hours) found.low_urgency_hours = hours;
  for (const [at, step] of draft.steps.entries())
    for (const [field, text] of Object.entries(stepProblems(step)))
      found[`steps.${at}.${field}`] = text;
  return found;
}

/** Whether it can be told whom the draft would page. */
export function isComplete(draft: Draft): boolean {
  const { name: _, team_id: __, ...others } = problemsOf(draft);
  return Object.keys(others).length === 0;
}

export type StepProblems = Partial<
  Record<
    "targets" | "timeout" | "only_hours" | "wait_for" | "acknowledgements",
    string
  >
>;

export function stepProblems(step: DraftStep): StepProblems {
  const found: StepProblems = {};
  if (step.targets.length === 0) found.targets = "Say who is paged";
  const wait = seconds(step);
  if (!(wait >= SHORTEST_S && wait <= LONGEST_S))
    found.timeout = "Wait at least 30 seconds and at most 24 hours";
  const only = problemOfHours(step.only_hours);
  if (only) found.only_hours = only;
  const until = problemOfHours(step.wait_for);
  if (until) found.wait_for = until;
  const wanted = Number(step.acknowledgements);
  if (!(wanted >= 1 && wanted <= MOST_ACKNOWLEDGEMENTS))
    found.acknowledgements = `1 to ${MOST_ACKNOWLEDGEMENTS} people`;
  return found;
}

function problemOfHours(draft: HoursDraft | null): string | undefined {
  if (!draft) return undefined;
  if (!draft.time_zone) return "Choose a time zone";
  if (draft.hours.length === 0) return "Add hours";
  return draft.hours.map(hoursProblem).find((text) => text !== undefined);
}
