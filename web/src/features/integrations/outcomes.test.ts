import { expect, test } from "vitest";
import { bytes, outcomes, readable } from "./outcomes";

test("the same outcome of many events is counted", () => {
  expect(outcomes(["opened", "resolved", "resolved"])).toBe(
    "opened an alert, 2 × resolved",
  );
});

test("an outcome of a newer server is shown as it is", () => {
  expect(outcomes(["teleported"])).toBe("teleported");
});

test("a request without events says so", () => {
  expect(outcomes([])).toBe("no event in it");
});

test("JSON is indented and anything else left alone", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("not { json")).toBe("not { json");
});

test("sizes have a unit", () => {
  expect([bytes(12), bytes(4300)]).toEqual(["12 B", "4.2 KiB"]);
});
