import { expect, test } from "vitest";
import type { IncidentPlan, PlanStep } from "../../api/generated";
import { comingOf, rungsOf, wantedInWords } from "./plan";

const minute = (number: number) =>
  `2026-11-23T02:${String(number).padStart(2, "0")}:00.000Z`;

function person(name: string, ...messages: [number, string][]) {
  return {
    user: { id: name, name },
    targets: [
      { kind: "schedule", id: "s", which: "current", name: "Rota" } as const,
    ],
    messages: messages.map(([at, channel]) => ({
      at: minute(at),
      channel,
      label: "",
      skip: null,
    })),
  };
}

const BEN: PlanStep = {
  kind: "page",
  at: minute(5),
  step: 1,
  people: [person("Ben", [5, "voice"], [5, "in_app"], [7, "sms"])],
};
const ADMINS: PlanStep = {
  kind: "exhausted",
  at: minute(10),
  people: [person("Root", [10, "email"])],
};

function aPlan(change: Partial<IncidentPlan> = {}): IncidentPlan {
  return {
    status: "triggered",
    urgency: "high",
    policy_name: "Nights",
    state: "running",
    due_at: minute(5),
    rounds: 2,
    steps_done: 1,
    wanted: 0,
    acknowledged_by: [],
    pending: [],
    steps: [BEN, ADMINS],
    ...change,
  };
}

test("what is next is told by instant: who and how, without what nobody hears", () => {
  const pending = [
    {
      at: minute(2),
      user: { id: "a", name: "Ana" },
      channel: "sms",
      label: "",
      cause: "step 1",
    },
  ];
  expect(comingOf(aPlan({ pending }))).toEqual([
    { at: minute(2), who: "Ana", how: "by SMS" },
    { at: minute(5), who: "Ben", how: "by phone" },
    { at: minute(7), who: "Ben", how: "by SMS" },
    { at: minute(10), who: "the platform admins", how: "by e-mail" },
  ]);
});

test("people who are told at once are told of together, and many are counted", () => {
  const people = ["A", "B", "C", "D", "E"].map((name) =>
    person(name, [5, "push"]),
  );
  expect(comingOf(aPlan({ steps: [{ ...BEN, people }] }))[0]?.who).toBe(
    "A, B, C and 2 others",
  );
});

test("each step says who, how, when and why", () => {
  const [ben, admins] = rungsOf(aPlan());
  expect(ben).toMatchObject({
    title: "Ben",
    lines: [
      "Step 2",
      "by phone, by SMS after 2 min, in the app (on call for Rota)",
    ],
  });
  expect(admins?.title).toBe("The platform admins");
  const people = [person("Ben", [5, "voice"]), person("Cy", [5, "sms"])];
  expect(rungsOf(aPlan({ steps: [{ ...BEN, people }] }))[0]?.lines).toEqual([
    "Step 2",
    "Ben: by phone (on call for Rota)",
    "Cy: by SMS (on call for Rota)",
  ]);
});

test("what is held says until when, and what begins anew says why", () => {
  const hold: PlanStep = {
    kind: "hold",
    at: minute(0),
    reason: "low_urgency",
    until: minute(30),
  };
  const anew: PlanStep = { kind: "begins_anew", at: minute(1) };
  const plan = aPlan({ status: "acknowledged", steps: [hold, anew] });
  expect(rungsOf(plan)).toMatchObject([
    { title: "Nobody is paged", until: minute(30) },
    { lines: ["nobody has resolved it by then"] },
  ]);
});

test("how many more are wanted is said with who has acknowledged", () => {
  const acknowledged_by = [{ id: "a", name: "Ana" }];
  expect(wantedInWords(aPlan({ wanted: 1, acknowledged_by }))).toBe(
    "Ana has acknowledged, one more has to.",
  );
  expect(wantedInWords(aPlan())).toBeNull();
});
