import { expect, test } from "vitest";
import { instantOf, type Rotation, turns, wallOf } from "./rotation";

const BERLIN = "Europe/Berlin";
const ana = { id: "a", name: "Ana" };
const bo = { id: "b", name: "Bo" };
const DAILY: Rotation = {
  first: { date: "2026-03-27", time: "09:00" },
  turnDays: 1,
  zone: BERLIN,
  users: [ana, bo],
};
const at = (text: string) => Date.parse(text);
const shown = (rotation: Rotation, start: string, end: string) =>
  turns(rotation, at(start), at(end)).map(({ user, start, end }) => [
    user.name,
    new Date(start).toISOString().slice(0, 16),
    new Date(end).toISOString().slice(0, 16),
  ]);

test("a hand-off keeps its time on the wall when clocks change", () => {
  expect(shown(DAILY, "2026-03-28T08:00Z", "2026-03-30T07:00Z")).toEqual([
    ["Bo", "2026-03-28T08:00", "2026-03-29T07:00"],
    ["Ana", "2026-03-29T07:00", "2026-03-30T07:00"],
  ]);
});

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

test("nobody is on call before the first hand-off", () => {
  expect(shown(DAILY, "2026-03-20T00:00Z", "2026-03-27T12:00Z")).toEqual([
    ["Ana", "2026-03-27T08:00", "2026-03-27T12:00"],
  ]);
});

test("a person alone has one long shift", () => {
  expect(
    shown({ ...DAILY, users: [ana] }, "2026-04-01T00:00Z", "2026-04-15T00:00Z"),
  ).toEqual([["Ana", "2026-04-01T00:00", "2026-04-15T00:00"]]);
});

test("a turn that began long before the window is still whose it is", () => {
  const rotation = { ...DAILY, turnDays: 7 };
  expect(shown(rotation, "2027-01-01T00:00Z", "2027-01-01T01:00Z")).toEqual([
    ["Bo", "2027-01-01T00:00", "2027-01-01T01:00"],
  ]);
});
