import { expect, test } from "vitest";
import type { PlanStep } from "../api/generated";
import { because, minutesOf, way } from "./story";

const START = "2026-11-23T02:00:00Z";
const UNTIL = "2026-11-23T03:00:00Z";
const RULED = { skip: null, label: "" };

const PAGE: PlanStep = {
  kind: "page",
  at: START,
  step: 0,
  people: [
    {
      user: { id: "a", name: "Ana" },
      targets: [{ kind: "schedule", id: "s", which: "next", name: "Primary" }],
      messages: [
        { ...RULED, at: START, channel: "email" },
        { ...RULED, at: START, channel: "push" },
        { ...RULED, at: "2026-11-23T02:07:00Z", channel: "voice" },
        { ...RULED, at: START, channel: "sms", skip: "method_disabled" },
      ],
    },
  ],
};

test("everybody is told of in the minute in which they are paged, and why", () => {
  const later: PlanStep = { ...PAGE, at: "2026-11-23T02:05:00Z", step: 1 };
  const minutes = minutesOf([PAGE, { ...later, people: [] }], START, UNTIL);

  expect(minutes.map(({ minute }) => minute)).toEqual([0, 7]);
  expect(minutes[0]?.items).toMatchObject([
    {
      who: ["Ana"],
      what: "by e-mail, by push",
      why: "step 1: next on call for Primary",
    },
    {
      kind: "not_sent",
      what: "not told by SMS",
      why: "the contact method is disabled",
    },
  ]);
  expect(minutes[1]?.items).toMatchObject([{ what: "by phone" }]);
});

test("people who are told alike are told of together", () => {
  const [ana] = PAGE.people ?? [];
  const [first] = ana?.messages ?? [];
  if (!ana || !first) throw new Error("Ana has a message");
  const people = ["Ana", "Bo"].map((name) => ({
    ...ana,
    user: { id: name, name },
    messages: [{ ...first, channel: "in_app" }, first],
  }));
  const [minute] = minutesOf([{ ...PAGE, people }], START, UNTIL);
  expect(minute?.items).toHaveLength(1);
  expect(minute?.items[0]).toMatchObject({
    who: ["Ana", "Bo"],
    what: "by e-mail, in the app",
  });
});

test("what happens after the hour is left out", () => {
  const exhausted: PlanStep = { kind: "exhausted", at: UNTIL };
  expect(minutesOf([exhausted], START, UNTIL)).toEqual([]);
});

test("steps that are passed over and held say why", () => {
  const steps: PlanStep[] = [
    { kind: "skip", at: START, step: 1, reason: "urgency" },
    { kind: "hold", at: START, reason: "low_urgency", until: UNTIL },
  ];
  expect(minutesOf(steps, START, UNTIL)[0]?.items).toMatchObject([
    {
      what: "Step 2 is passed over",
      why: "it is for incidents of the other urgency",
    },
    { why: "what is not urgent waits for working hours", until: UNTIL },
  ]);
});

test("a channel that is not known here still has words", () => {
  expect(way("carrier_pigeon")).toBe("by carrier pigeon");
});

test.each([
  [{ kind: "team", which: "current", name: "Web" }, "in the Web team"],
  [
    { kind: "schedule", which: "all", name: "Rota" },
    "on call in a layer of Rota",
  ],
  [
    { kind: "schedule", which: "current", name: null },
    "on call for what no longer exists",
  ],
] as const)("%o is why", (target, words) => {
  expect(because({ id: "t", ...target })).toBe(words);
});
