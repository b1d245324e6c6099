import { expect, test } from "vitest";
import { daysOf, rhythmWords } from "./rhythm";

test("a plan is said in words", () => {
  const when = { day: 1, hour: 9, time_zone: "UTC" };

  expect(rhythmWords({ ...when, rhythm: "weekly" })).toBe(
    "every Monday at 09:00 (UTC)",
  );
  expect(rhythmWords({ ...when, rhythm: "monthly" })).toBe(
    "on day 1 of every month at 09:00 (UTC)",
  );
});

test("a month offers the days that every month has", () => {
  expect(daysOf("weekly")).toHaveLength(7);
  expect(daysOf("monthly").at(-1)?.value).toBe("28");
});
