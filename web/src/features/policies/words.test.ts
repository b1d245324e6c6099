import { expect, test } from "vitest";
import type { Target } from "./draft";
import { PLAIN_POLICY, PLAIN_STEP } from "./samples.testing";
import { optionsOf, sentence } from "./words";

const SEEN = { which: "current", hidden: false } as const;
const ROTA: Target = { kind: "schedule", id: "s", name: "Primary", ...SEEN };
const TEAM: Target = { kind: "team", id: "t", name: "Payments", ...SEEN };
const ANA: Target = { kind: "user", id: "a", name: "Ana", ...SEEN };
const HOURS = {
  time_zone: "Europe/Paris",
  windows: [{ weekdays: [0, 1, 2, 3, 4], start: "09:00", end: "17:00" }],
};

test("a policy reads as one sentence", () => {
  const steps = [
    { ...PLAIN_STEP, timeout_s: 300, targets: [ROTA] },
    { ...PLAIN_STEP, timeout_s: 90, targets: [ANA, TEAM] },
  ];
  expect(sentence({ ...PLAIN_POLICY, repeats: 2, steps })).toBe(
    "Page whoever is on call for Primary, wait 5 min, then page Ana and the Payments team, wait 1 min 30 s, repeat all of it twice, then tell the platform admins.",
  );
});

test("a step without targets says that it pages nobody", () => {
  const steps = [{ ...PLAIN_STEP, timeout_s: 60, targets: [] }];
  expect(sentence({ ...PLAIN_POLICY, repeats: 0, steps })).toBe(
    "Page nobody yet, wait 1 min, then tell the platform admins.",
  );
});

test("what is special is said with the step and after it", () => {
  const step = {
    ...PLAIN_STEP,
    timeout_s: 60,
    targets: [{ ...ROTA, which: "next" as const }],
    round_robin: true,
    only_urgency: "high" as const,
    acknowledgements: 2,
  };
  const policy = { repeats: 0, steps: [step], ack_timeout_s: 1800 };
  expect(sentence({ ...policy, low_urgency_hours: HOURS })).toBe(
    "Page 2 in turn of whoever is next on call for Primary (only if urgent) until 2 have acknowledged, wait 1 min, then tell the platform admins. What is acknowledged and not resolved within 30 min pages anew. What is not urgent waits for working hours.",
  );
});

test("the hours of a step are told in full where there is room", () => {
  const step = {
    ...PLAIN_STEP,
    timeout_s: 60,
    targets: [ANA],
    only_hours: { ...HOURS, inside: false },
    wait_for: HOURS,
  };
  expect(optionsOf(step)).toEqual([
    "Only outside of Mon–Fri, 09:00 to 17:00 (Europe/Paris)",
    "Waits for Mon–Fri, 09:00 to 17:00 (Europe/Paris)",
  ]);
  expect(optionsOf({ ...PLAIN_STEP, timeout_s: 60, targets: [ANA] })).toEqual(
    [],
  );
});

test("a step that posts in a room says so, and that it pages nobody else", () => {
  const OPS: Target = { kind: "room", id: "r", name: "Ops", ...SEEN };
  const steps = [
    { ...PLAIN_STEP, timeout_s: 60, targets: [OPS] },
    { ...PLAIN_STEP, timeout_s: 300, targets: [ANA, OPS] },
  ];
  expect(sentence({ ...PLAIN_POLICY, repeats: 0, steps })).toBe(
    "Post in Ops, wait 1 min, then page Ana and post in Ops, wait 5 min, then tell the platform admins.",
  );
});

test("what one does not see is said not to be seen", () => {
  const unseen = { ...ROTA, name: "hidden", hidden: true };
  const steps = [{ ...PLAIN_STEP, timeout_s: 300, targets: [unseen, ANA] }];

  expect(sentence({ ...PLAIN_POLICY, repeats: 0, steps })).toBe(
    "Page a schedule that you do not see and Ana, wait 5 min, then tell the platform admins.",
  );
});
