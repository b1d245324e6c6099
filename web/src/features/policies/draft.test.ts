import { expect, test } from "vitest";
import {
  bodyOf,
  draftOf,
  newStep,
  seconds,
  type Target,
  whichLeft,
} from "./draft";
import { isComplete, stepProblems } from "./problems";
import { PLAIN_POLICY, PLAIN_STEP } from "./samples.testing";

const HOURS = {
  time_zone: "Europe/Paris",
  windows: [{ weekdays: [0, 4], start: "09:00", end: "17:00" }],
};
const ANA: Target = {
  kind: "user",
  id: "a",
  name: "Ana",
  which: "current",
  hidden: false,
};
const SERVED = {
  id: "p",
  name: "P",
  team: { id: "t", name: "T" },
  repeats: 2,
  services: [],
};

test("every option of a policy comes back as it came", () => {
  const step = {
    timeout_s: 5400,
    targets: [
      {
        kind: "schedule",
        id: "s",
        which: "next",
        name: "Rota",
        hidden: false,
      } as const,
    ],
    round_robin: true,
    only_urgency: "high" as const,
    only_hours: { ...HOURS, inside: false },
    wait_for: HOURS,
    acknowledgements: 3,
  };
  const options = { ack_timeout_s: 1800, low_urgency_hours: HOURS };

  expect(bodyOf(draftOf({ ...SERVED, ...options, steps: [step] }))).toEqual({
    name: "P",
    team_id: "t",
    repeats: 2,
    ...options,
    steps: [
      { ...step, targets: [{ kind: "schedule", id: "s", which: "next" }] },
    ],
  });
});

test("a time-out is shown in the largest unit that leaves a whole number", () => {
  const policy = {
    ...SERVED,
    ...PLAIN_POLICY,
    steps: [45, 300, 7200, 86_400].map((timeout_s) => ({
      ...PLAIN_STEP,
      timeout_s,
      targets: [ANA],
    })),
  };
  const draft = draftOf(policy);
  expect(draft.steps.map(({ amount, unit }) => [amount, unit])).toEqual([
    [45, "s"],
    [5, "min"],
    [2, "h"],
    [24, "h"],
  ]);
  expect(draft.steps.map(seconds)).toEqual([45, 300, 7200, 86_400]);
});

test.each([
  ["", "min"],
  [29, "s"],
  [25, "h"],
] as const)("a time-out of %s %s is refused", (amount, unit) => {
  const step = { ...newStep(), amount, unit, targets: [ANA] };
  expect(stepProblems(step).timeout).toContain("Wait at least");
});

test("hours need a day, and how many has to be said", () => {
  const hours = { key: "1", weekdays: [], start: "09:00", end: "17:00" };
  const step = {
    ...newStep(),
    targets: [ANA],
    wait_for: { time_zone: "UTC", hours: [hours] },
    only_hours: { time_zone: "UTC", hours: [], inside: true },
    acknowledgements: "",
  };
  expect(stepProblems(step)).toEqual({
    wait_for: "Choose a day",
    only_hours: "Add hours",
    acknowledgements: "1 to 10 people",
  });
});

test("a policy without a name can be looked at already", () => {
  const steps = [{ ...newStep(), targets: [ANA] }];
  const draft = {
    name: "",
    team_id: "",
    repeats: 0,
    steps,
    ack_timeout_s: null,
    low_urgency_hours: null,
  };
  expect(isComplete(draft)).toBe(true);
  expect(isComplete({ ...draft, steps: [newStep()] })).toBe(false);
  expect(isComplete({ ...draft, ack_timeout_s: 30 })).toBe(false);
});

test("a step pages whoever is on call, and whoever is next as well, but nobody twice", () => {
  const rota = { kind: "schedule", id: "s", name: "Rota" } as const;
  const chosen: Target[] = [
    { ...rota, which: "current", hidden: false },
    { ...rota, which: "next", hidden: false },
  ];
  expect(whichLeft(chosen, "s")).toEqual(["all"]);
  expect(whichLeft(chosen, "other")).toEqual(["current", "next", "all"]);
});
