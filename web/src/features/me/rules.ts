import type { NotificationRuleIn } from "../../api/generated";

export const DELAYS_S = [0, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600];

/** "At once", "After 5 min". */
export function delayWords(delay: number): string {
  if (delay === 0) return "At once";
  if (delay < 60) return `After ${delay} s`;
  return delay % 3600 === 0
    ? `After ${delay / 3600} h`
    : `After ${Math.round(delay / 60)} min`;
}

/** The rules of one urgency, soonest first. */
export function rulesOf<T extends NotificationRuleIn>(
  rules: readonly T[],
  urgency: T["urgency"],
): T[] {
  return rules
    .filter((rule) => rule.urgency === urgency)
    .sort((a, b) => a.delay_s - b.delay_s);
}

/** Are these the same: same urgency, delay and contact method? */
export function sameRule(
  a: NotificationRuleIn,
  b: NotificationRuleIn,
): boolean {
  return (
    a.urgency === b.urgency &&
    a.delay_s === b.delay_s &&
    a.contact_method_id === b.contact_method_id
  );
}
