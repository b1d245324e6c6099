import {
  IconAlertTriangle,
  IconCircleCheck,
  IconEyeOff,
  IconMailOpened,
  IconRepeat,
  IconShieldCheck,
  IconShieldOff,
  IconShieldX,
} from "@tabler/icons-react";
import type { Check, Disposition } from "../../api/generated";

const WORDS: Readonly<Record<string, string>> = {
  opened: "opened an alert",
  duplicate: "counted as a duplicate",
  acknowledged: "acknowledged",
  resolved: "resolved",
  stale: "late copy, ignored",
  unmatched: "nothing was open",
  suppressed: "suppressed: nobody is told",
  change: "noted as a change",
};

/** What became of one event. */
export function outcome(name: string): string {
  return WORDS[name] ?? name;
}

/** What became of the events of a request: "opened an alert, 2 × resolved". */
export function outcomes(each: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of each) counts.set(name, (counts.get(name) ?? 0) + 1);
  const words = [...counts].map(([name, count]) =>
    count === 1 ? outcome(name) : `${count} × ${outcome(name)}`,
  );
  return words.join(", ") || "no event in it";
}

/** What stands alone in a row begins like a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How the end of a request looks, is called, and what it means. */
export const DISPOSITIONS = {
  processed: {
    tone: "teal",
    icon: IconCircleCheck,
    word: "Taken in",
    means: "it was read, and its events took effect",
  },
  quarantined: {
    tone: "orange",
    icon: IconAlertTriangle,
    word: "Unreadable",
    means: "kept as it came; an alert says so",
  },
  rejected: {
    tone: "orange",
    icon: IconShieldX,
    word: "Rejected",
    means: "its signature is wrong or missing: it had no effect",
  },
  replayed: {
    tone: "gray",
    icon: IconMailOpened,
    word: "Replayed",
    means: "it could not be read at first, and was taken in later",
  },
  repeated: {
    tone: "gray",
    icon: IconRepeat,
    word: "Repeated",
    means: "an earlier request said the same: it changed nothing",
  },
  ignored: {
    tone: "gray",
    icon: IconEyeOff,
    word: "Ignored",
    means: "a ping or a test of the tool: nothing to do",
  },
} as const;

export function isDisposition(text: string | undefined): text is Disposition {
  return text !== undefined && text in DISPOSITIONS;
}

/** What is known of where a request comes from. */
export const CHECKS: Readonly<
  Record<
    Check,
    { tone: "teal" | "gray" | "orange"; icon: typeof IconShieldX; word: string }
  >
> = {
  verified: { tone: "teal", icon: IconShieldCheck, word: "Verified" },
  unsigned: { tone: "gray", icon: IconShieldOff, word: "Unsigned" },
  rejected: { tone: "orange", icon: IconShieldX, word: "Not proven" },
};

/** JSON indented, anything else as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** "312 B", "4.2 KiB" */
export function bytes(size: number): string {
  return size < 1024 ? `${size} B` : `${(size / 1024).toFixed(1)} KiB`;
}
