import {
  IconAlertTriangle,
  IconBarrierBlock,
  IconBell,
  IconBellCheck,
  IconBellOff,
  IconFlame,
  IconHourglass,
  IconInfoCircle,
  IconTallymark4,
} from "@tabler/icons-react";
import type { AlertSuppression, ReportedAlert } from "../../api/generated";

type Reason = AlertSuppression["reason"];

/** How an open alert looks of which nobody is told. */
const QUIET = {
  rule: { tone: "violet", icon: IconBellOff, word: "Suppressed" },
  maintenance: { tone: "violet", icon: IconBarrierBlock, word: "Maintenance" },
  hold: { tone: "violet", icon: IconHourglass, word: "Held" },
  count: { tone: "violet", icon: IconTallymark4, word: "Counting" },
} as const satisfies Record<Reason, unknown>;

/** How the state of an alert looks and is called. */
export function lookOf({
  status,
  suppression,
}: Pick<ReportedAlert, "status" | "suppression">) {
  if (status === "resolved")
    return { tone: "teal", icon: IconBellCheck, word: "Resolved" } as const;
  return suppression
    ? QUIET[suppression.reason]
    : ({ tone: "red", icon: IconBell, word: "Open" } as const);
}

/** Why nobody is told, as a whole sentence. */
export function whyQuiet({ reason, says }: AlertSuppression): string {
  switch (reason) {
    case "rule":
      return `A routing rule suppresses it: ${says}`;
    case "maintenance":
      return `Planned work explains it: ${says}`;
    case "hold":
    case "count":
      return `It ${says}, as a routing rule says`;
  }
}

/** What happens then if it is still open. */
export function whatThen({ reason, until }: AlertSuppression): string {
  if (until !== null) return "If it is still open then, people are told.";
  return reason === "count"
    ? "People are told when it has fired so often."
    : "It stays quiet until it is over, or until what suppresses it changes.";
}

/** Who said that it belongs to its service. */
export const ROUTED_BY: Readonly<Record<ReportedAlert["routed_by"], string>> = {
  integration: "as its integration says",
  rule: "a routing rule sent it there",
  team: "its label “team” names the owner",
  catch_all: "nothing routes it: this is the catch-all",
  since: "the catch-all; alerts like it are routed by now",
};

export const SEVERITY_LOOK = {
  critical: { tone: "red", icon: IconFlame, word: "Critical" },
  error: { tone: "orange", icon: IconAlertTriangle, word: "Error" },
  warning: { tone: "yellow", icon: IconAlertTriangle, word: "Warning" },
  info: { tone: "blue", icon: IconInfoCircle, word: "Info" },
} as const;
