import { expect, test } from "vitest";
import { changeOf, inWords, percent, spoken } from "./words";

test.each([
  [0.4, "0 s"],
  [59.6, "1 min"],
  [250, "4 min 10 s"],
  [7500, "2 h 5 min"],
  [200_000, "2 d 7 h"],
])("%s s are %s", (seconds, words) => {
  expect(spoken(seconds)).toBe(words);
});

test("a share is a percentage, with a fraction where it has one", () => {
  expect(percent(0.5)).toBe("50 %");
  expect(percent(0.125)).toMatch(/^12[.,]5 %$/);
});

test("what cannot be counted is a dash, a weekday its name", () => {
  expect(inWords(null, { key: "ack_mean_s", unit: "seconds" })).toBe("–");
  expect(inWords(7, { key: "weekday", unit: "count" })).toBe("Sun");
  expect(inWords(9, { key: "hour", unit: "count" })).toBe("9:00");
});

test("a change says how much, and which way", () => {
  expect(changeOf(3, 5, "count")).toEqual({ words: "2 fewer", way: "down" });
  expect(changeOf(310, 60, "seconds")).toEqual({
    words: "4 min 10 s more",
    way: "up",
  });
  expect(changeOf(0.5, 0.51, "share")?.words).toBe("1 point less");
  expect(changeOf(0.5, 0.5001, "share")?.words).toBe("as before");
  expect(changeOf(null, 5, "count")).toBeNull();
});
