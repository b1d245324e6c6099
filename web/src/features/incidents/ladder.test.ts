import { expect, test } from "vitest";
import { fateOf } from "../../ui/fate";
import { pastRungs, roundOf } from "./ladder";
import { aNotification } from "./samples.testing";

const STEPS = ["primary", "secondary", "everybody"].map((name, index) => ({
  index,
  timeout_s: 300,
  targets: [{ kind: "user" as const, id: name, name }],
}));

function running(steps_done: number, due_at = "2026-03-01T12:05:00Z") {
  return {
    policy_name: "Platform",
    state: "running" as const,
    steps_done,
    rounds: 6,
    due_at,
    steps: STEPS,
  };
}

test("one rung for each time that people were told, oldest first", () => {
  const later = "2026-03-01T12:05:00Z";
  const ana = aNotification({ id: "1" });
  const again = aNotification({ id: "2", channel: "webhook" });
  const bo = aNotification({
    id: "3",
    cause: "step 2",
    created_at: later,
    user: { id: "u2", name: "Bo" },
  });

  const rungs = pastRungs([bo, again, ana]);

  expect(rungs.map(({ cause }) => cause)).toEqual(["step 1", "step 2"]);
  expect(rungs[0]?.people).toEqual([
    { id: "u1", name: "Ana", notifications: [again, ana] },
  ]);
});

test("the rounds are counted, unless there is only one", () => {
  expect(roundOf(running(3))).toBe("round 2 of 2");
  expect(roundOf({ ...running(1), rounds: 3 })).toBeNull();
});

test("only what kept a person from being reached is red", () => {
  const tone = (change: Parameters<typeof aNotification>[0]) =>
    fateOf(aNotification(change)).tone;

  expect(tone({ status: "skipped", skip_reason: "acknowledged" })).toBe("gray");
  expect(tone({ status: "skipped", skip_reason: "no_contact_method" })).toBe(
    "red",
  );
  expect(tone({ status: "failed" })).toBe("red");
  expect(tone({ status: "delivered" })).toBe("teal");
});
