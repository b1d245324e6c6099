import { expect, test } from "vitest";
import { fate, headline, sorted } from "./handovers";
import { BO, cover, ME, swap } from "./samples.testing";

const ids = (of: readonly { made: { id: string } }[]) =>
  of.map(({ made }) => made.id);

test("what one decides oneself is apart from what others decide, soonest first", () => {
  const { toAnswer, waiting } = sorted(
    [swap("to me"), swap("by me", { offered_by: ME, offered_to: BO })],
    [cover("of Bo"), cover("of mine", { user: ME })],
    "me",
  );

  expect(ids(toAnswer)).toEqual(["of Bo", "to me"]);
  expect(ids(waiting)).toEqual(["of mine", "by me"]);
});

test("what has ended is told newest first, with its fate", () => {
  const { ended } = sorted(
    [
      swap("old", { status: "declined", decided_at: "2026-11-23T10:00:00Z" }),
      swap("new", { status: "accepted", decided_at: "2026-11-23T12:00:00Z" }),
    ],
    [
      cover("mid", {
        status: "covered",
        covered_by: ME,
        decided_at: "2026-11-23T11:00:00Z",
      }),
    ],
    "me",
  );

  expect(ids(ended)).toEqual(["new", "mid", "old"]);
  expect(ended.map((each) => fate(each, "me")[0])).toEqual([
    "Swapped",
    "You have it",
    "Declined",
  ]);
});

test("who gives what is said to each of the two in their words", () => {
  const [mine] = sorted(
    [swap("1", { offered_by: ME, offered_to: BO })],
    [],
    "me",
  ).waiting;
  const [theirs] = sorted([], [cover("2")], "me").toAnswer;

  expect(mine && headline(mine, "me")).toBe("You offer Bo a shift in Payments");
  expect(theirs && headline(theirs, "me")).toBe(
    "Bo asks for cover in Payments",
  );
});
