import {
  IconAlertTriangle,
  IconBarrierBlock,
  IconCircleCheck,
  IconCircleHalf2,
  IconCircleX,
  IconClock,
  IconEye,
  IconFileText,
  IconSearch,
  IconTargetArrow,
  IconX,
} from "@tabler/icons-react";
import type {
  Component,
  Stage,
  StatusIncident,
  StatusPageCopy,
  WorkStatus,
} from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";

export type State = Component["state"];
export type Impact = NonNullable<StatusIncident["chosen_impact"]>;
type Look = Parameters<typeof StateLabel>[0];

/** From best to worst, as the public page says it. */
export const STATES: Readonly<Record<State, Look>> = {
  operational: { tone: "teal", icon: IconCircleCheck, word: "Operational" },
  under_maintenance: {
    tone: "violet",
    icon: IconBarrierBlock,
    word: "Under maintenance",
  },
  degraded_performance: {
    tone: "yellow",
    icon: IconCircleHalf2,
    word: "Degraded performance",
  },
  partial_outage: {
    tone: "orange",
    icon: IconAlertTriangle,
    word: "Partial outage",
  },
  major_outage: { tone: "red", icon: IconCircleX, word: "Major outage" },
};
const ORDER = Object.keys(STATES);

export function isState(text: string | null): text is State {
  return text !== null && text in STATES;
}

export const STATE_CHOICES = Object.entries(STATES).map(
  ([value, { word }]) => ({ value, label: word }),
);

/** The worst of them; operational if there are none. */
export function worst(states: readonly State[]): State {
  return states.reduce<State>(
    (a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a),
    "operational",
  );
}

/** How far an incident is, as told outside, and what that tells people. */
export const STAGES: Readonly<Record<Stage, Look & { means: string }>> = {
  investigating: {
    tone: "red",
    icon: IconSearch,
    word: "Investigating",
    means: "We know, and look for the cause.",
  },
  identified: {
    tone: "orange",
    icon: IconTargetArrow,
    word: "Identified",
    means: "We know the cause, and mend it.",
  },
  monitoring: {
    tone: "blue",
    icon: IconEye,
    word: "Monitoring",
    means: "It is mended; we watch whether it stays so.",
  },
  resolved: {
    tone: "teal",
    icon: IconCircleCheck,
    word: "Resolved",
    means: "It is over: components count as well again.",
  },
  postmortem: {
    tone: "gray",
    icon: IconFileText,
    word: "Postmortem",
    means: "It is over, and this is how it came about.",
  },
};

export function isStage(text: string | null): text is Stage {
  return text !== null && text in STAGES;
}

export const WORKS: Readonly<Record<WorkStatus, Look>> = {
  scheduled: { tone: "blue", icon: IconClock, word: "Planned" },
  in_progress: { tone: "violet", icon: IconBarrierBlock, word: "Under way" },
  verifying: { tone: "violet", icon: IconEye, word: "Being verified" },
  completed: { tone: "teal", icon: IconCircleCheck, word: "Finished" },
  cancelled: { tone: "gray", icon: IconX, word: "Called off" },
};

export function isWorkStatus(text: string | null): text is WorkStatus {
  return text !== null && text in WORKS;
}

/** How an update's status looks, whether of an incident or of planned work. */
export function lookOfStatus(status: string): Look {
  if (isStage(status)) return STAGES[status];
  if (isWorkStatus(status)) return WORKS[status];
  return { tone: "gray", icon: IconClock, word: status };
}

/** How far a copy of the page is. */
export function lookOfCopy({ current, error }: StatusPageCopy): Look {
  if (error) return { tone: "red", icon: IconCircleX, word: "It fails" };
  if (current)
    return { tone: "teal", icon: IconCircleCheck, word: "Up to date" };
  return { tone: "blue", icon: IconClock, word: "Being copied" };
}

export const IMPACTS: Readonly<Record<Impact, string>> = {
  none: "None",
  minor: "Minor",
  major: "Major",
  critical: "Critical",
};

export function isImpact(text: string | null): text is Impact {
  return text !== null && text in IMPACTS;
}

export function isOver({ status }: Pick<StatusIncident, "status">): boolean {
  return status === "resolved" || status === "postmortem";
}

/** Nothing has been told yet: its first update waits for its time. */
export function isToCome({ updates }: Pick<StatusIncident, "updates">) {
  return updates.every(({ published_at }) => published_at === null);
}
