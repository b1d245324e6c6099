import { expect, test } from "vitest";
import { conditionOf, linesOf } from "./route-lines";

const ALERT = {
  integration: { id: "1", name: "Webhook", kind: "generic" },
  labels: { building: "B", floors: 3, empty: "", long: "x".repeat(501) },
  title: "The printer is offline",
};

test("alerts are told by their tool, by labels that are text, and by their title", () => {
  expect(linesOf(ALERT).map(({ field }) => field)).toEqual([
    "integration",
    "labels.building",
    "title",
  ]);
});

test("only what was chosen is compared", () => {
  const lines = linesOf(ALERT);

  expect(conditionOf(lines, ["labels.building", "title"])).toEqual({
    every: true,
    lines: [
      { field: "labels.building", operator: "is", values: ["B"] },
      {
        field: "title",
        operator: "starts_with",
        values: ["The printer is offline"],
      },
    ],
  });
});
