import { expect, test } from "vitest";
import type { MemberOut } from "../../api/generated";
import { restOf, shiftsOf, swapOf, takers, wholeOf } from "./hand-over";
import { FOLLOWING, shift } from "./samples.testing";

const at = (text: string) => Date.parse(`${text}Z`);
const WEEK = { start: at("2026-11-23T00:00"), end: at("2026-11-30T00:00") };

test("a shift ahead can change hands as a whole", () => {
  expect(restOf(WEEK, at("2026-11-22T23:59"))).toEqual(WEEK);
});

test("what is left of a shift changes hands from a full hour on", () => {
  expect(restOf(WEEK, at("2026-11-23T09:00"))).toEqual({
    start: at("2026-11-23T10:00"),
    end: WEEK.end,
  });
  expect(restOf(WEEK, at("2026-11-29T23:10"))).toBeUndefined();
});

test("a shift that the screen cuts off changes hands as a whole", () => {
  const cut = {
    key: "cut",
    start: WEEK.start,
    end: at("2026-11-25T00:00"),
    user: { id: "ana", name: "Ana" },
    row: 0,
  };
  const others = [shift("Bo", "2026-11-20", "2026-12-01")];
  const all = [...others, shift("Ana", "2026-11-22", "2026-11-30")];

  expect(wholeOf(cut, all)).toEqual({
    ...cut,
    start: at("2026-11-22T00:00"),
    end: WEEK.end,
  });
  expect(wholeOf(cut, others)).toBe(cut);
});

test("whoever is in the schedule or responds in its team can have a shift, once", () => {
  const member = (name: string, role: MemberOut["role"]): MemberOut => ({
    user: { id: name.toLowerCase(), name },
    email: `${name}@example.org`,
    role,
  });
  const team = [
    member("Me", "team_admin"),
    member("Ola", "observer"),
    member("Bo", "responder"),
    member("Ana", "responder"),
  ];
  expect(takers(FOLLOWING, team, "me").map(({ name }) => name)).toEqual([
    "Ana",
    "Bo",
  ]);
});

test("what can be given in return is whole, ahead and at another time", () => {
  const shifts = [
    shift("Bo", "2026-11-20", "2026-11-22"),
    shift("Bo", "2026-11-29", "2026-12-01"),
    shift("Ana", "2026-12-01", "2026-12-02"),
    shift("Bo", "2026-12-03", "2026-12-04"),
    shift("Bo", "2026-12-04", "2026-12-05"),
  ];
  expect(shiftsOf("bo", shifts, WEEK, at("2026-11-21T00:00"))).toEqual([
    { start: at("2026-12-03T00:00"), end: at("2026-12-05T00:00") },
  ]);
});

test("an offer is of the zone that is shown, for a shift or for nothing", () => {
  const typed = {
    to: "bo",
    from: "2026-11-25T09:00",
    until: "2026-11-25T17:00",
    inReturn: "",
    reason: " ",
  };
  const plain = {
    start: "2026-11-25T14:00:00.000Z",
    end: "2026-11-25T22:00:00.000Z",
    user_id: "bo",
    in_return: null,
    reason: null,
  };
  expect(swapOf(typed, "America/New_York")).toEqual(plain);
  const wanted = { ...typed, inReturn: `${WEEK.start}/${WEEK.end}` };
  expect(swapOf(wanted, "America/New_York")).toEqual({
    ...plain,
    in_return: {
      start: "2026-11-23T00:00:00.000Z",
      end: "2026-11-30T00:00:00.000Z",
    },
  });
});
