import {
  type Icon,
  IconAlertOctagon,
  IconArrowMerge,
  IconCircleCheck,
  IconHandStop,
  IconMoonStars,
} from "@tabler/icons-react";
import type { IncidentOut as Incident } from "../../api/generated";
import type { Tone } from "../../ui/StateLabel";

export interface Look {
  tone: Tone;
  icon: Icon;
  word: string;
}

type Life = Pick<Incident, "status" | "snoozed_until" | "merged_into">;

const STATUS: Record<Incident["status"], Look> = {
  triggered: { tone: "red", icon: IconAlertOctagon, word: "Triggered" },
  acknowledged: { tone: "orange", icon: IconHandStop, word: "Acknowledged" },
  resolved: { tone: "teal", icon: IconCircleCheck, word: "Resolved" },
};

/** How the state of an incident looks and is called. */
export function lookOf(incident: Life): Look {
  if (incident.merged_into)
    return { tone: "gray", icon: IconArrowMerge, word: "Merged" };
  if (incident.snoozed_until && incident.status !== "resolved")
    return { tone: "violet", icon: IconMoonStars, word: "Snoozed" };
  return STATUS[incident.status];
}

/** Who has it, in a few words. */
export function whoHas(
  incident: Pick<
    Incident,
    "status" | "acknowledged_by" | "resolved_by" | "escalation_state"
  >,
): string {
  if (incident.status === "resolved")
    return incident.resolved_by?.name ?? "by itself";
  if (incident.status === "acknowledged")
    return incident.acknowledged_by?.name ?? "its source";
  return incident.escalation_state === "exhausted"
    ? "nobody answered"
    : "nobody yet";
}
