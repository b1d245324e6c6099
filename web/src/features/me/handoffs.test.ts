import { expect, test } from "vitest";
import { leadTimes } from "./handoffs";

test("what was chosen over the API can be chosen here as well, in its place", () => {
  const labels = leadTimes(2700).map(({ label }) => label);
  expect(labels.slice(0, 5)).toEqual([
    "Not before it starts",
    "15 min before it starts",
    "30 min before it starts",
    "45 min before it starts",
    "1 h before it starts",
  ]);
});

test("each time is offered once", () => {
  expect(leadTimes(1800)).toEqual(leadTimes(null));
});
