import {
  type Icon,
  IconArrowBackUp,
  IconCheck,
  IconClock,
  IconQuestionMark,
  IconSend,
  IconX,
} from "@tabler/icons-react";
import type { Notification, Skip } from "../api/generated";
import type { Tone } from "./StateLabel";

export interface Fate {
  tone: Tone;
  icon: Icon;
  word: string;
}

const SKIPPED: Record<Skip, string> = {
  acknowledged: "not sent: somebody had it",
  resolved: "not sent: it was over",
  snoozed: "not sent: snoozed",
  reassigned: "not sent: somebody else was asked",
  merged: "not sent: merged",
  user_deactivated: "not sent: the account is deactivated",
  method_disabled: "not sent: the contact method is disabled",
  no_contact_method: "not sent: no way to reach this person",
  channel_not_set_up: "not sent: nobody has set the channel up",
  not_verified: "not sent: the address is not verified",
  too_many_lately: "not sent: the phone had got enough for ten minutes",
  off_duty: "not sent: not urgent, and not on call",
};

// these mean that a person was not reached
const LOUD: readonly Skip[] = [
  "user_deactivated",
  "method_disabled",
  "no_contact_method",
  "channel_not_set_up",
  "not_verified",
];

const FATES: Record<Exclude<Notification["status"], "skipped">, Fate> = {
  planned: { tone: "gray", icon: IconClock, word: "planned" },
  sending: { tone: "blue", icon: IconSend, word: "sending" },
  accepted: { tone: "teal", icon: IconCheck, word: "sent" },
  delivered: { tone: "teal", icon: IconCheck, word: "delivered" },
  failed: { tone: "red", icon: IconX, word: "failed" },
  unknown: {
    tone: "yellow",
    icon: IconQuestionMark,
    word: "unclear whether it was sent",
  },
};

/** What became of a notification. */
export function fateOf(
  notification: Pick<Notification, "status" | "skip_reason">,
): Fate {
  const { status, skip_reason: reason } = notification;
  if (status !== "skipped") return FATES[status];
  const loud = reason !== null && LOUD.includes(reason);
  return {
    tone: loud ? "red" : "gray",
    icon: loud ? IconX : IconArrowBackUp,
    word: reason ? SKIPPED[reason] : "not sent",
  };
}
