import { expect, test } from "vitest";
import { bodyOf, type Draft, draftOf, sentence, stepProblem } from "./draft";
import { PLAIN_POLICY, PLAIN_STEP } from "./samples.testing";

const schedule = { kind: "schedule", id: "s", name: "Primary" } as const;
const team = { kind: "team", id: "t", name: "Payments" } as const;
const ana = { kind: "user", id: "a", name: "Ana" } as const;

const DRAFT: Draft = {
  name: " Checkout ",
  team_id: "t",
  repeats: 2,
  steps: [
    { key: "1", amount: 5, unit: "min", targets: [schedule] },
    { key: "2", amount: 1.5, unit: "h", targets: [ana, team] },
  ],
};

test("a policy reads as one sentence", () => {
  expect(
    sentence({
      repeats: 2,
      steps: [
        { timeout_s: 300, targets: [schedule] },
        { timeout_s: 90, targets: [ana, team] },
      ],
    }),
  ).toBe(
    "Page whoever is on call for Primary, wait 5 min, then page Ana and the Payments team, wait 1 min 30 s, repeat all of it twice, then tell the platform admins.",
  );
});

test("a step without targets says that it pages nobody", () => {
  expect(
    sentence({ repeats: 0, steps: [{ timeout_s: 60, targets: [] }] }),
  ).toBe("Page nobody yet, wait 1 min, then tell the platform admins.");
});

test("what is sent has seconds and ids only", () => {
  expect(bodyOf(DRAFT)).toEqual({
    name: "Checkout",
    team_id: "t",
    repeats: 2,
    steps: [
      { timeout_s: 300, targets: [{ kind: "schedule", id: "s" }] },
      {
        timeout_s: 5400,
        targets: [
          { kind: "user", id: "a" },
          { kind: "team", id: "t" },
        ],
      },
    ],
  });
});

test("a time-out is shown in the largest unit that leaves a whole number", () => {
  const policy = {
    id: "p",
    name: "P",
    team: { id: "t", name: "T" },
    repeats: 0,
    services: [],
    ...PLAIN_POLICY,
    steps: [45, 300, 7200].map((timeout_s) => ({
      ...PLAIN_STEP,
      timeout_s,
      targets: [{ ...ana, which: "current" as const }],
    })),
  };
  const shown = draftOf(policy).steps.map(({ amount, unit }) => [amount, unit]);
  expect(shown).toEqual([
    [45, "s"],
    [5, "min"],
    [2, "h"],
  ]);
});

test("what is not edited here is sent back as it came", () => {
  const hours = {
    time_zone: "UTC",
    windows: [{ weekdays: [0], start: "09:00", end: "17:00" }],
  };
  const step = {
    ...PLAIN_STEP,
    timeout_s: 300,
    targets: [
      { kind: "schedule", id: "s", which: "next", name: "Rota" } as const,
    ],
    round_robin: true,
    wait_for: hours,
  };
  const options = { ack_timeout_s: 1800, low_urgency_hours: hours };
  const policy = {
    id: "p",
    name: "P",
    team: { id: "t", name: "T" },
    repeats: 0,
    services: [],
    ...options,
    steps: [step],
  };

  expect(bodyOf(draftOf(policy))).toEqual({
    name: "P",
    team_id: "t",
    repeats: 0,
    ...options,
    steps: [
      { ...step, targets: [{ kind: "schedule", id: "s", which: "next" }] },
    ],
  });
});

test.each([
  ["", "min"],
  [29, "s"],
  [25, "h"],
] as const)("a time-out of %s %s is refused", (amount, unit) => {
  expect(stepProblem({ key: "1", amount, unit, targets: [ana] })).toContain(
    "Wait at least",
  );
});
