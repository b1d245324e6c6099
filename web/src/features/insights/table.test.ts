import { expect, test } from "vitest";
import { withoutGaps } from "./table";

const DAY_MS = 24 * 60 * 60 * 1000;

test("a day without incidents has none, instead of being left out", () => {
  const told = [{ day: "2026-03-03", incidents: 2 }];
  expect(withoutGaps(told, "2026-03-02", "2026-03-04", 3 * DAY_MS)).toEqual([
    { day: "2026-03-02", incidents: 0 },
    { day: "2026-03-03", incidents: 2 },
    { day: "2026-03-04", incidents: 0 },
  ]);
});

test("longer windows have weeks, from the Monday on that begins the first", () => {
  const told = [{ day: "2026-01-05", incidents: 9 }];
  const weeks = withoutGaps(told, "2026-01-01", "2026-03-31", 90 * DAY_MS);
  expect(weeks).toHaveLength(14);
  expect(weeks[0]).toEqual({ day: "2025-12-29", incidents: 0 });
  expect(weeks[1]).toEqual({ day: "2026-01-05", incidents: 9 });
});
