import { expect, test } from "vitest";
import { daysInWords, hoursOf, hoursProblem, windowsOf } from "./week";

test("days that follow each other are one span", () => {
  expect(daysInWords([0, 1, 2, 3, 4])).toBe("Mon–Fri");
  expect(daysInWords([6, 5])).toBe("Sat, Sun");
  expect(daysInWords([0, 2, 3, 4, 6])).toBe("Mon, Wed–Fri, Sun");
  expect(daysInWords([0, 1, 2, 3, 4, 5, 6])).toBe("every day");
});

test("what is edited is sent as it came, in order", () => {
  const [hours] = hoursOf([
    { weekdays: [4, 0], start: "22:00:00", end: "06:00:00" },
  ]);
  expect(hours && windowsOf([hours])).toEqual([
    { weekdays: [0, 4], start: "22:00", end: "06:00" },
  ]);
});

test("hours need a day and both times", () => {
  const hours = { key: "1", weekdays: ["0"], start: "09:00", end: "17:00" };
  expect(hoursProblem(hours)).toBeUndefined();
  expect(hoursProblem({ ...hours, weekdays: [] })).toBe("Choose a day");
  expect(hoursProblem({ ...hours, end: "" })).toBe("Choose both times");
});
