import { expect, test } from "vitest";
import { gaps, midnight, position, weeksOf } from "./weeks";

const FROM = midnight(Date.parse("2026-06-01T12:00:00Z"));
const HOUR = 3_600_000;
const ana = { id: "a", name: "Ana" };
const turn = (start: number, end: number) => ({ user: ana, start, end });

test("a shift over the end of a week is drawn in both", () => {
  const shift = turn(midnight(FROM, 6), midnight(FROM, 8));
  const drawn = weeksOf([shift], FROM, 2, FROM).map(({ parts }) =>
    parts.filter((part) => part.turn).map(({ from, to }) => [from, to]),
  );
  expect(drawn).toEqual([[[6, 7]], [[0, 1]]]);
});

test("what nobody covers from now on is a gap", () => {
  const now = FROM + 6 * HOUR;
  const [week] = weeksOf(
    [turn(midnight(FROM, 1), midnight(FROM, 7))],
    FROM,
    1,
    now,
  );
  const open = week?.parts.filter((part) => !part.turn);
  expect(open?.map(({ start, end }) => [start, end])).toEqual([
    [now, midnight(FROM, 1)],
  ]);
});

test("shifts that touch leave no gap", () => {
  expect(gaps([turn(0, 5), turn(5, 9)], 0, 9)).toEqual([]);
});

test("an instant before or after the week is at its edge", () => {
  const days = Array.from({ length: 8 }, (_, day) => midnight(FROM, day));
  expect(position(days, FROM - 1)).toBe(0);
  expect(position(days, FROM + 12 * HOUR)).toBe(0.5);
  expect(position(days, midnight(FROM, 9))).toBe(7);
});
