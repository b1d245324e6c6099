import {
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconEye,
  IconEyeCheck,
  IconPencil,
  IconTool,
} from "@tabler/icons-react";
import type { Calendar, RunClass, VersionState } from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";

type Look = Parameters<typeof StateLabel>[0];

/** How much harm a runbook can do. */
export const CLASSES: Record<RunClass, Look & { means: string }> = {
  diagnostic: {
    tone: "blue",
    icon: IconEye,
    word: "Diagnostic",
    means: "Only looks: changes nothing.",
  },
  remediation: {
    tone: "violet",
    icon: IconTool,
    word: "Remediation",
    means: "Changes something that can be put right again.",
  },
  destructive: {
    tone: "orange",
    icon: IconAlertTriangle,
    word: "Destructive",
    means:
      "Cannot be taken back: two people approve it, and whoever runs it types its name.",
  },
};

export const VERSION_STATES: Record<VersionState, Look> = {
  draft: { tone: "gray", icon: IconPencil, word: "Draft" },
  in_review: { tone: "yellow", icon: IconEyeCheck, word: "In review" },
  approved: { tone: "teal", icon: IconCircleCheck, word: "Approved" },
  deprecated: { tone: "gray", icon: IconArchive, word: "Deprecated" },
};

/** What planned work means to a runbook. */
export const CALENDARS: Record<Calendar, string> = {
  always: "At any time",
  not_in_maintenance: "Not while work is planned",
  only_in_maintenance: "Only while work is planned",
};

/** The choices of a select from words by value. */
export function choicesOf(words: Record<string, string | { word: string }>) {
  return Object.entries(words).map(([value, each]) => ({
    value,
    label: typeof each === "string" ? each : each.word,
  }));
}

/** `value`, if it is one of the names. */
export function oneOf<Name extends string>(
  words: Record<Name, unknown>,
  value: string | null | undefined,
): Name | undefined {
  const names: string[] = Object.keys(words);
  const known = (name: string): name is Name => names.includes(name);
  return value && known(value) ? value : undefined;
}
