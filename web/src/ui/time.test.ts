import { describe, expect, test } from "vitest";
import { countdown, duration, relative } from "./time";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe("a duration has two units at most", () => {
  test.each([
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [7800, "2 h 10 min"],
    [36_000, "10 h"],
    [36_660, "10 h"],
    [86_400, "1 d"],
    [90_000, "1 d 1 h"],
    [8 * 86_400 + 7200, "8 d"],
    [-5, "0 s"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
});

test("what was and what will be are told apart", () => {
  expect(relative(at(-240), NOW)).toBe("4 min ago");
  expect(relative(at(240), NOW)).toBe("in 4 min");
  expect(relative(at(-3), NOW)).toBe("now");
});

test("a countdown never goes below zero, and shows hours only if there are any", () => {
  expect(countdown(at(187), NOW)).toBe("3:07");
  expect(countdown(at(3729), NOW)).toBe("1:02:09");
  expect(countdown(at(0.4), NOW)).toBe("0:01");
  expect(countdown(at(-10), NOW)).toBe("0:00");
});
