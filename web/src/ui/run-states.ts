import {
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockX,
  IconHelpCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconX,
} from "@tabler/icons-react";
import type { RunState, RunStatus } from "../api/generated";
import type { StateLabel } from "./StateLabel";

/** How a state looks, everywhere. */
export type Look = Parameters<typeof StateLabel>[0];

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

/** How the states of a workflow's run look. */
export const WORKFLOW_RUNS: Readonly<Record<RunStatus, Look>> = {
  queued: { tone: "gray", icon: IconClock, word: "Waits its turn" },
  running: { tone: "blue", icon: IconPlayerPlay, word: "Going on" },
  paused: { tone: "violet", icon: IconPlayerPause, word: "Paused" },
  succeeded: { tone: "teal", icon: IconCheck, word: "Succeeded" },
  failed: { tone: "red", icon: IconX, word: "Failed" },
  cancelled: { tone: "gray", icon: IconBan, word: "Cancelled" },
};

/** Whether nothing will come of the run any more. */
export function isOver(state: RunState): boolean {
  return state !== "queued" && state !== "running";
}
