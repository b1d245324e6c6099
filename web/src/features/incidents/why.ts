import type { WhyPaged } from "../../api/generated";
import { exactly } from "../../ui/spans";
import { way } from "../../ui/story";

/** Whoever looks first, then those who were paged, by name. */
export function meFirst(people: readonly WhyPaged[], myId: string): WhyPaged[] {
  const place = ({ user, paged }: WhyPaged) =>
    user.id === myId ? 0 : paged ? 1 : 2;
  return [...people].sort(
    (a, b) => place(a) - place(b) || a.user.name.localeCompare(b.user.name),
  );
}

/** Whether messages were planned, and whether any left. */
export function verdict({ messages }: WhyPaged) {
  if (messages.length === 0) return "not paged";
  const left = messages.some(({ status }) =>
    ["sending", "accepted", "delivered", "unknown"].includes(status),
  );
  if (left) return "paged";
  return messages.some(({ status }) => status === "planned")
    ? "about to be paged"
    : "not reached";
}

type Rule = WhyPaged["rules"][number];

/** "by phone (Mobile) after 5 min" */
export function ruleInWords({ channel, label, delay_s }: Rule): string {
  const when = delay_s === 0 ? "at once" : `after ${exactly(delay_s)}`;
  return `${way(channel)}${label ? ` (${label})` : ""} ${when}`;
}

/** Why a rule was of no use for this incident; none: it is used. */
export function ruleIdle({ applies, enabled, urgency }: Rule): string | null {
  if (!applies)
    return `only for what is ${urgency === "high" ? "urgent" : "not urgent"}`;
  return enabled ? null : "the contact method is disabled";
}
