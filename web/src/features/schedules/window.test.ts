import { expect, test } from "vitest";
import {
  dragged,
  fraction,
  instantAt,
  moved,
  snapped,
  ticksOf,
  windowOf,
  type Zoom,
} from "./window";

const BERLIN = "Europe/Berlin";
const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const spanOf = (zoom: Zoom, date: string) => {
  const { from, to } = windowOf(zoom, date, BERLIN);
  return [from, to];
};

test("a window has whole days, weeks or months", () => {
  expect(spanOf("day", "2026-11-25")).toEqual(["2026-11-25", "2026-11-26"]);
  expect(spanOf("fortnight", "2026-11-25")).toEqual([
    "2026-11-23",
    "2026-12-07",
  ]);
  expect(spanOf("month", "2026-11-25")).toEqual(["2026-11-01", "2026-12-01"]);
  expect(spanOf("quarter", "2026-11-25")).toEqual(["2026-11-01", "2027-02-01"]);
});

test("a window begins at midnight of its zone, and a day of 25 hours is as wide as it is long", () => {
  const window = windowOf("day", "2026-10-25", BERLIN);
  expect(window.start).toBe(at("2026-10-24T22:00Z"));
  expect(window.end - window.start).toBe(25 * HOUR);
});

test("later and earlier windows touch the one shown", () => {
  for (const zoom of ["day", "fortnight", "month", "quarter"] as const) {
    const shown = windowOf(zoom, "2026-11-25", BERLIN);
    const later = windowOf(zoom, moved(zoom, "2026-11-25", 1), BERLIN);
    const earlier = windowOf(zoom, moved(zoom, "2026-11-25", -1), BERLIN);
    expect([later.start, earlier.end]).toEqual([shown.end, shown.start]);
  }
});

test("where an instant is leads back to the instant; what is outside is at the edge", () => {
  const window = windowOf("fortnight", "2026-11-25", BERLIN);
  const noon = at("2026-11-26T12:00Z");
  expect(instantAt(window, fraction(window, noon))).toBeCloseTo(noon, 0);
  expect(fraction(window, window.start - 1)).toBe(0);
  expect(fraction(window, window.end + 1)).toBe(1);
});

test("each zoom has as many ticks as have room", () => {
  const count = (zoom: Zoom) =>
    ticksOf(zoom, windowOf(zoom, "2026-11-25", BERLIN)).length;
  expect([count("day"), count("fortnight"), count("month")]).toEqual([
    8, 14, 30,
  ]);
  expect(count("quarter")).toBe(13);
});

test("an instant snaps to the wall of the zone, over midnight too", () => {
  expect(snapped(at("2026-11-25T10:22Z"), 15, "Asia/Kolkata")).toBe(
    at("2026-11-25T10:15Z"),
  );
  expect(snapped(at("2026-11-25T22:50Z"), 60, BERLIN)).toBe(
    at("2026-11-25T23:00Z"),
  );
  expect(snapped(at("2026-11-25T20:00Z"), 24 * 60, BERLIN)).toBe(
    at("2026-11-25T23:00Z"),
  );
});

const WINDOW = windowOf("fortnight", "2026-11-25", "UTC");
const DRAW = { step: 60, edges: [], near: 0.005 };
const place = (text: string) => fraction(WINDOW, at(text));

test("a drag to the left is one to the right", () => {
  const [early, late] = [
    place("2026-11-24T08:10Z"),
    place("2026-11-25T17:55Z"),
  ];
  const drawn = {
    start: at("2026-11-24T08:00Z"),
    end: at("2026-11-25T18:00Z"),
  };
  expect(dragged(WINDOW, early, late, DRAW)).toEqual(drawn);
  expect(dragged(WINDOW, late, early, DRAW)).toEqual(drawn);
});

test("a drag that ends near a hand-off ends at the nearest one, exactly", () => {
  const handoff = at("2026-11-25T17:30Z");
  const edges = [at("2026-11-25T18:45Z"), handoff];
  const drawn = dragged(
    WINDOW,
    place("2026-11-24T08:00Z"),
    place("2026-11-25T17:50Z"),
    { ...DRAW, edges },
  );
  expect(drawn.end).toBe(handoff);
});

test("a drag that went nowhere is one step long", () => {
  const here = place("2026-11-24T08:10Z");
  const { start, end } = dragged(WINDOW, here, here, DRAW);
  expect(end - start).toBe(HOUR);
});
