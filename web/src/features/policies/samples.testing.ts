import type { PolicyStep } from "../../api/generated";

/** What a step and a policy say that nobody has touched. */
export const PLAIN_STEP: Omit<PolicyStep, "timeout_s" | "targets"> = {
  round_robin: false,
  only_urgency: null,
  only_hours: null,
  wait_for: null,
  acknowledgements: 1,
};
export const PLAIN_POLICY = { ack_timeout_s: null, low_urgency_hours: null };
