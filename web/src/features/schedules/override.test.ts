import { expect, test } from "vitest";
import { onCallWithin, overrideOf } from "./override";
import { timeline } from "./samples.testing";

const ANA = { id: "ana", name: "Ana" };
const TYPED = {
  kind: "cover",
  user: ANA,
  from: "2026-11-25T09:00",
  until: "2026-11-25T17:00",
  replaces: "",
  reason: " ",
} as const;

test("what is typed is the time of the zone that is shown", () => {
  expect(overrideOf(TYPED, "America/New_York")).toEqual({
    kind: "cover",
    override: {
      start: "2026-11-25T14:00:00.000Z",
      end: "2026-11-25T22:00:00.000Z",
      user_id: "ana",
      replaces: null,
      reason: null,
    },
  });
});

test("nobody by design is a gap with its reason", () => {
  const typed = { ...TYPED, kind: "gap", reason: "Closed " } as const;
  expect(overrideOf(typed, "UTC")).toEqual({
    kind: "gap",
    gap: {
      start: "2026-11-25T09:00:00.000Z",
      end: "2026-11-25T17:00:00.000Z",
      reason: "Closed",
    },
  });
});

test("everybody who is on call in the time can be replaced, each offered once", () => {
  const names = onCallWithin(timeline(), ANA).map(({ name }) => name);
  expect(names).toEqual(["Ana", "Bo"]);
});
