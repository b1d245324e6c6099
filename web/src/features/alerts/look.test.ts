import { expect, test } from "vitest";
import { lookOf, whatThen, whyQuiet } from "./look";

const HELD = {
  reason: "hold",
  says: "waits 2 min for it to recover",
  by_id: null,
  until: "2026-03-01T12:00:00Z",
} as const;

test("an open alert of which nobody is told does not look like one that pages", () => {
  expect(lookOf({ status: "open", suppression: null }).word).toBe("Open");
  expect(lookOf({ status: "open", suppression: HELD })).toMatchObject({
    tone: "violet",
    word: "Held",
  });
});

test("what is over is over, whoever was told", () => {
  expect(lookOf({ status: "resolved", suppression: HELD }).word).toBe(
    "Resolved",
  );
});

test("why nobody is told is a sentence with the words of the rule", () => {
  expect(whyQuiet(HELD)).toContain("It waits 2 min for it to recover");
  expect(whyQuiet({ ...HELD, reason: "maintenance", says: "Move" })).toBe(
    "Planned work explains it: Move",
  );
});

test("what happens next depends on whether it ends by itself", () => {
  expect(whatThen(HELD)).toContain("still open then");
  expect(whatThen({ ...HELD, reason: "count", until: null })).toContain(
    "fired so often",
  );
  expect(whatThen({ ...HELD, reason: "rule", until: null })).toContain(
    "until it is over",
  );
});
