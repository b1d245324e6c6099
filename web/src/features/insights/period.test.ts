import { expect, test } from "vitest";
import { daysChosen, periodOf } from "./period";

const NOW = new Date(2026, 2, 31, 14, 2).getTime();

function at(...parts: [number, number, number, number?, number?]): string {
  return new Date(...parts).toISOString();
}

test("the last 7 days begin with a midnight and end some minutes from now", () => {
  expect(periodOf({ days: "7" }, NOW)).toEqual({
    span: { from: at(2026, 2, 25), to: at(2026, 2, 31, 14, 5) },
    before: { from: at(2026, 2, 18), to: at(2026, 2, 24, 14, 5) },
    beforeName: "the 7 days before",
  });
});

test("days of one's own hold the last one too", () => {
  expect(periodOf({ from: "2026-03-02", to: "2026-03-02" }, NOW)).toEqual({
    span: { from: at(2026, 2, 2), to: at(2026, 2, 3) },
    before: { from: at(2026, 2, 1), to: at(2026, 2, 2) },
    beforeName: "the day before",
  });
});

test.each([
  [{ from: "2026-03-02" }, "Choose the first and the last day."],
  [
    { from: "2026-03-02", to: "2026-03-01" },
    "The last day comes before the first one.",
  ],
  [{ from: "2025-01-01", to: "2026-03-01" }, "That is longer than a year."],
])("%o is no time to look at", (search, why) => {
  expect(periodOf(search, NOW)).toBe(why);
});

test("an address that names no days, or odd ones, is of 30", () => {
  expect(daysChosen({})).toBe("30");
  expect(daysChosen({ days: "31" })).toBe("30");
});
