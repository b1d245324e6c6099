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

const AT = "2026-11-23T02:00:00Z";
const LATER = "2026-11-23T03:00:00Z";
/** What a policy that cannot reach Bo does. */
export const EXPLAINED = {
  at: AT,
  until: LATER,
  integration: null,
  error: null,
  stories: [
    {
      routing: null,
      policy: null,
      policy_name: "Around the clock",
      minutes: [],
      steps: [
        {
          kind: "page",
          at: AT,
          step: 0,
          people: [
            {
              user: { id: "u2", name: "Cy" },
              targets: [
                {
                  kind: "schedule",
                  id: "s1",
                  which: "current",
                  name: "Primary",
                },
              ],
              messages: [{ at: AT, channel: "email", label: "", skip: null }],
            },
          ],
        },
      ],
      findings: [
        {
          kind: "unreachable_person",
          weight: "problem",
          step: 1,
          target: null,
          user_id: "u1",
          at: null,
          detail: "Step 2 pages Bo, who has no contact method that works.",
        },
      ],
    },
  ],
};
