import { expect, test } from "vitest";
import { nextStep, STEPS } from "./steps";

test("the next step is the first that is neither done nor skipped", () => {
  expect(nextStep(new Set())).toBe("team");
  expect(nextStep(new Set(["team", "reach"]))).toBe("schedule");
  expect(nextStep(new Set(["team"]), new Set(["reach", "schedule"]))).toBe(
    "policy",
  );
});

test("where nothing is left, the page that has arrived is shown", () => {
  const all = new Set(STEPS.map(({ name }) => name));

  expect(nextStep(all)).toBe("page");
});
