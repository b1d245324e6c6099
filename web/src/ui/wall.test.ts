import { expect, test } from "vitest";
import {
  instantOf,
  midnight,
  monday,
  plusDays,
  plusMonths,
  wallOf,
  weekday,
} from "./wall";

const BERLIN = "Europe/Berlin";
const at = (text: string) => Date.parse(text);

test("a time that does not exist is read with the offset before the gap", () => {
  const wall = { date: "2026-03-29", time: "02:30" };
  expect(instantOf(wall, BERLIN)).toBe(at("2026-03-29T01:30Z"));
});

test("a time that exists twice is the first of the two", () => {
  const wall = { date: "2026-10-25", time: "02:30" };
  expect(instantOf(wall, BERLIN)).toBe(at("2026-10-25T00:30Z"));
});

test("the wall of an instant leads back to it", () => {
  for (const zone of [BERLIN, "Asia/Kolkata", "America/St_Johns", "UTC"]) {
    const instant = at("2026-07-01T21:17Z");
    expect(instantOf(wallOf(instant, zone), zone)).toBe(instant);
  }
});

test("a day without a midnight begins when its clocks have moved", () => {
  expect(midnight("2026-04-24", "Africa/Cairo")).toBe(at("2026-04-23T22:00Z"));
});

test("what is no date has no instant", () => {
  expect(instantOf({ date: "", time: "09:00" }, BERLIN)).toBeNaN();
});

test("days and months go over the end of a year", () => {
  expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(plusMonths("2026-12-31", 1)).toBe("2027-01-01");
  expect(plusMonths("2027-01-15", -3)).toBe("2026-10-01");
});

test("weeks begin on Monday", () => {
  expect(weekday("2026-11-22")).toBe(6);
  expect(monday("2026-11-22")).toBe("2026-11-16");
  expect(monday("2026-11-23")).toBe("2026-11-23");
});
