import type { LoggedNotification } from "../../api/generated";

export type Status = LoggedNotification["status"];

const WORDS: Record<Status, string> = {
  planned: "Planned",
  sending: "Sending",
  accepted: "Sent",
  delivered: "Delivered",
  failed: "Failed",
  unknown: "Unclear",
  skipped: "Not sent",
};

/** What can have become of a message, to choose from. */
export const STATUSES = Object.entries(WORDS).map(([value, label]) => ({
  value,
  label,
}));

export function isStatus(text: string | undefined): text is Status {
  return text !== undefined && text in WORDS;
}

const KINDS: Partial<Record<LoggedNotification["kind"], string>> = {
  code: "a code to prove the address",
  proof: "quiet test",
};

/** Why the person was told, and whether its receipt is missing. */
export function aboutWords(
  message: Pick<LoggedNotification, "kind" | "cause" | "receipt_missed_at">,
): string {
  const why = KINDS[message.kind] ?? message.cause;
  return message.receipt_missed_at
    ? `${why} · no receipt in time: the next way was used`
    : why;
}
