import { expect, test } from "vitest";
import type { ServiceSetUp } from "../../api/generated";
import { isWhole, scoreInWords } from "./set-up";

const PART: ServiceSetUp = {
  done: 1,
  checks: [
    { check: "owner", done: true },
    { check: "policy", done: false },
  ],
  next: "policy",
};
const GONE: ServiceSetUp = { done: 0, checks: [], next: null };

test("a set-up says how much of it is done", () => {
  expect(scoreInWords(PART)).toBe("1 of 2");
  expect(isWhole(PART)).toBe(false);
  expect(isWhole({ ...PART, done: 2, next: null })).toBe(true);
});

test("a service that needs nothing any more has no score", () => {
  expect(scoreInWords(GONE)).toBeNull();
  expect(isWhole(GONE)).toBe(true);
});
