import {
  IconAlertTriangle,
  IconBell,
  IconBellCheck,
  IconFlame,
  IconInfoCircle,
} from "@tabler/icons-react";
import type { ReportedAlert } from "../../api/generated";

/** How the state of an alert looks and is called. */
export function lookOf({ status }: Pick<ReportedAlert, "status">) {
  return status === "open"
    ? ({ tone: "red", icon: IconBell, word: "Open" } as const)
    : ({ tone: "teal", icon: IconBellCheck, word: "Resolved" } as const);
}

export const SEVERITY_LOOK = {
  critical: { tone: "red", icon: IconFlame, word: "Critical" },
  error: { tone: "orange", icon: IconAlertTriangle, word: "Error" },
  warning: { tone: "yellow", icon: IconAlertTriangle, word: "Warning" },
  info: { tone: "blue", icon: IconInfoCircle, word: "Info" },
} as const;
