import { expect, test } from "vitest";
import { byHour } from "./hours";

test("hours in which nothing came are there, too", () => {
  const now = Date.parse("2026-03-02T10:30:00Z");

  const hours = byHour([{ at: "2026-03-02T09:00:00Z", count: 4 }], now);

  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toEqual({
    at: Date.parse("2026-03-02T10:00:00Z"),
    count: 0,
  });
  expect(hours.at(-2)?.count).toBe(4);
});
