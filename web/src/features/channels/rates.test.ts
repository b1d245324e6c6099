import { expect, test } from "vitest";
import { shareOf, spentOn, waitOf } from "./rates";

test("one failure in many is never rounded away", () => {
  expect([shareOf(99_999, 100_000), shareOf(1, 100_000)]).toEqual([
    "99.9 %",
    "0.1 %",
  ]);
  expect([shareOf(3, 3), shareOf(0, 3), shareOf(0, 0), shareOf(1, 3)]).toEqual([
    "100 %",
    "0 %",
    "–",
    "33.3 %",
  ]);
});

test("how long an answer takes has the unit that fits", () => {
  expect([waitOf(0.32), waitOf(2.44), waitOf(null)]).toEqual([
    "320 ms",
    "2.4 s",
    "–",
  ]);
});

test("what was spent is only guessed where there is a price", () => {
  expect([spentOn(7, 0.6125), spentOn(1, null)]).toEqual([
    "7 segments, about 0.61",
    "1 segment",
  ]);
});
