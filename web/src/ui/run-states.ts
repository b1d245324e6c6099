import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockX,
  IconHelpCircle,
  IconPlayerPlay,
  IconPlayerStop,
} from "@tabler/icons-react";
import type { RunState } from "../api/generated";
import type { StateLabel } from "./StateLabel";

type Look = Parameters<typeof StateLabel>[0];

/** How the states of a runbook's run look. */
export const RUN_STATES: Record<RunState, Look> = {
  queued: { tone: "gray", icon: IconClock, word: "Queued" },
  running: { tone: "blue", icon: IconPlayerPlay, word: "Running" },
  succeeded: { tone: "teal", icon: IconCircleCheck, word: "Succeeded" },
  failed: { tone: "orange", icon: IconCircleX, word: "Failed" },
  timed_out: { tone: "orange", icon: IconClockX, word: "Timed out" },
  cancelled: { tone: "gray", icon: IconPlayerStop, word: "Cancelled" },
  unknown: { tone: "yellow", icon: IconHelpCircle, word: "Unknown" },
};

/** Whether nothing will come of the run any more. */
export function isOver(state: RunState): boolean {
  return state !== "queued" && state !== "running";
}
