import { expect, test } from "vitest";
import type { WhyPaged } from "../../api/generated";
import { meFirst, ruleIdle, ruleInWords, verdict } from "./why";

const RULE = {
  urgency: "high",
  delay_s: 300,
  channel: "voice",
  label: "Mobile",
  enabled: true,
  applies: true,
} as const;

function paged(name: string, status?: "delivered" | "planned" | "failed") {
  const message = {
    id: name,
    kind: "page" as const,
    cause: "step 1",
    channel: "email",
    label: "",
    planned_at: "2026-11-23T02:00:00Z",
    send_at: "2026-11-23T02:00:00Z",
    skip_reason: null,
    attempts: [],
  };
  const one: WhyPaged = {
    user: { id: name, name },
    paged: status !== undefined,
    reasons: [],
    messages: status ? [{ ...message, status }] : [],
    rules: [],
  };
  return one;
}

test("whoever looks is first, then those who were paged", () => {
  const people = [paged("Ana", "delivered"), paged("Bo"), paged("Cy")];
  const names = meFirst(people, "Cy").map(({ user }) => user.name);
  expect(names).toEqual(["Cy", "Ana", "Bo"]);
});

test("a message that failed has reached nobody", () => {
  expect(verdict(paged("Ana", "delivered"))).toBe("paged");
  expect(verdict(paged("Ana", "planned"))).toBe("about to be paged");
  expect(verdict(paged("Ana", "failed"))).toBe("not reached");
  expect(verdict(paged("Ana"))).toBe("not paged");
});

test("rules are read out, and those that are not used say why", () => {
  expect(ruleInWords(RULE)).toBe("by phone (Mobile) after 5 min");
  expect(ruleIdle(RULE)).toBeNull();
  expect(ruleIdle({ ...RULE, applies: false, urgency: "low" })).toBe(
    "only for what is not urgent",
  );
  expect(ruleIdle({ ...RULE, enabled: false })).toBe(
    "the contact method is disabled",
  );
});
