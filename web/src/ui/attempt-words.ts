import type { NotificationAttempt } from "../api/generated";
import { duration } from "./time";

const OUTCOMES: Readonly<Record<string, string>> = {
  accepted: "taken",
  failed: "failed",
  unknown: "no clear answer",
};

const RECEIPTS: Readonly<Record<string, string>> = {
  accepted: "confirmed as taken",
  delivered: "confirmed as arrived",
  failed: "reported later as not arrived",
};

/** "twilio: taken after 320 ms, confirmed as arrived" */
export function attemptWords(attempt: NotificationAttempt): string {
  const { provider, outcome, error, receipt, possible_duplicate } = attempt;
  const said = [
    `${OUTCOMES[outcome] ?? outcome} after ${took(attempt)}`,
    receipt && (RECEIPTS[receipt] ?? receipt),
    possible_duplicate && "may have arrived twice",
    error,
  ];
  const words = said.filter(Boolean).join(", ");
  return provider ? `${provider}: ${words}` : words;
}

function took({ started_at, finished_at }: NotificationAttempt): string {
  const ms = Date.parse(finished_at) - Date.parse(started_at);
  return ms < 1000 ? `${Math.max(0, ms)} ms` : duration(ms / 1000);
}
