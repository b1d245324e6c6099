import { expect, test } from "vitest";
import { hoursInWords, initials, turnsOf } from "./words";

test("turns are said as people say them", () => {
  expect(turnsOf("week", [1])).toBe("every week");
  expect(turnsOf("hour", [12])).toBe("every 12 hours");
  expect(turnsOf("day", [4, 3])).toBe("4 days, then 3 days");
});

test("hours and holidays are a line each", () => {
  const restriction = {
    windows: [{ weekdays: [0, 1], start: "22:00:00", end: "06:00:00" }],
    holidays: { country: "DE", subdivision: "BY", mode: "except" as const },
    keep_turns: true,
  };
  expect(hoursInWords(restriction)).toEqual([
    "Mon, Tue, 22:00 to 06:00",
    "Not on public holidays of Germany (BY)",
  ]);
  expect(hoursInWords(null)).toEqual([]);
});

test("where there is no room the initials stand for a name", () => {
  const block = { key: "", start: 0, end: 1, row: 0 };
  const named = (name: string) =>
    initials({ ...block, user: { id: "u", name } });
  expect([
    named("Emeka Obi"),
    named("Bo"),
    named("Fatima Zahra El Idrissi"),
  ]).toEqual(["EO", "B", "FI"]);
  expect(initials(block)).toBe("");
});
