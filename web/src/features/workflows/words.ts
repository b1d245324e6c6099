import {
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconHourglass,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconX,
} from "@tabler/icons-react";
import type { StepStatus } from "../../api/generated";
import type { Look } from "../../ui/run-states";

export type TriedStatus = "would_run";
export type State = StepStatus | TriedStatus;

export const STEPS: Readonly<Record<State, Look>> = {
  due: { tone: "gray", icon: IconClock, word: "Due" },
  running: { tone: "blue", icon: IconPlayerPlay, word: "Running" },
  waiting: { tone: "orange", icon: IconHourglass, word: "Waits" },
  looping: { tone: "blue", icon: IconPlayerPlay, word: "Goes round" },
  succeeded: { tone: "teal", icon: IconCheck, word: "Done" },
  failed: { tone: "red", icon: IconX, word: "Failed" },
  skipped: { tone: "gray", icon: IconPlayerSkipForward, word: "Not reached" },
  cancelled: { tone: "gray", icon: IconBan, word: "Cancelled" },
  would_run: { tone: "teal", icon: IconCircleDashed, word: "Would run" },
};

export const GROUPS: Readonly<Record<string, string>> = {
  triggers: "What starts it",
  flow: "Which way it goes",
  chat: "Tell people",
  tickets: "Tickets",
  incident: "The incident",
  automation: "Automation",
  waiting: "Wait for an answer",
};

export const LIBRARY: Readonly<Record<string, string>> = {
  ticketing: "Tickets",
  communication: "Communication",
  "auto-resolution": "Auto-resolution",
  escalation: "Help with escalation",
};

const PORTS: Readonly<Record<string, string>> = {
  out: "then",
  failed: "if it fails",
  yes: "yes",
  no: "no",
  each: "for each",
  done: "afterwards",
  approved: "approved",
  rejected: "rejected",
  timed_out: "no answer in time",
};

/** A way out, in words. */
export function portWords(port: string): string {
  return PORTS[port] ?? port.replaceAll("_", " ");
}

const TRIGGERS: Readonly<Record<string, string>> = {
  incident_opened: "Incident opened",
  acknowledged: "Acknowledged",
  escalated: "Escalated",
  resolved: "Resolved",
  reopened: "Re-opened",
  priority_changed: "Priority changed",
  note_added: "Note added",
  open_for: "Open for a while",
  schedule: "Schedule",
  manual: "By hand",
  webhook: "Webhook",
};

export function triggerWords(kind: string): string {
  return TRIGGERS[kind] ?? kind.replaceAll("_", " ");
}
