import { expect, test } from "vitest";
import { policyColumn, secondsOf, targetsIn } from "./policy-words";

const HOURS = {
  windows: [{ weekdays: [0, 1, 2, 3, 4], start: "09:00:00", end: "17:00:00" }],
  time_zone: "Europe/Paris",
};
const STEP = {
  timeout: "PT300S",
  targets: [
    { kind: "schedule", id: "s", which: "next" },
    { kind: "user", id: "u", which: "current" },
  ],
  round_robin: false,
  only_urgency: null,
  only_hours: null,
  wait_for: null,
  acknowledgements: 1,
};
const NAMES = new Map([
  ["s", "Primary"],
  ["u", "Ana"],
]);

test("steps read as sentences, a line each", () => {
  const second = {
    ...STEP,
    timeout: "PT5400S",
    targets: [{ kind: "team", id: "gone" }],
    only_urgency: "high",
    only_hours: { hours: HOURS, inside: false },
    acknowledgements: 2,
  };

  expect(policyColumn("steps", [STEP, second], NAMES)).toBe(
    "1. page whoever is next on call for Primary and Ana, wait 5 min\n" +
      "2. page a team without a name here (only if urgent, only outside of Mon–Fri, 09:00 to 17:00 (Europe/Paris), until 2 have acknowledged), wait 1 h 30 min",
  );
});

test("the rest of a policy does, too", () => {
  expect(policyColumn("ack_timeout", "PT3600S", NAMES)).toBe("1 h");
  expect(policyColumn("repeats", 2, NAMES)).toBe("2 times");
  expect(policyColumn("low_urgency_hours", HOURS, NAMES)).toBe(
    "only Mon–Fri, 09:00 to 17:00 (Europe/Paris)",
  );
  expect(policyColumn("name", "Nights", NAMES)).toBeUndefined();
  expect(policyColumn("ack_timeout", null, NAMES)).toBeUndefined();
});

test("how long is read however it is written", () => {
  expect(["PT90S", "PT1H30M", "P1D", "soon", 3].map(secondsOf)).toEqual([
    90,
    5400,
    86_400,
    undefined,
    undefined,
  ]);
});

test("whom it pages is looked up once", () => {
  const policy = { steps: [STEP, STEP] };

  expect(targetsIn(policy, null, policy).map(({ id }) => id)).toEqual([
    "s",
    "u",
  ]);
});
