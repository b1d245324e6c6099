import { expect, test } from "vitest";
import { fieldProblems } from "./field-problems";

const SHOWN = [{ name: "url" }, { name: "bot_token" }];

test("what is wrong with a field is said beside it", () => {
  expect(
    fieldProblems("Url: is no address; bot_token: is too short.", SHOWN),
  ).toEqual({
    fields: { url: "is no address", bot_token: "is too short." },
    rest: undefined,
  });
});

test("what is about no field that is shown is said above the button", () => {
  const asked = "This channel is not set up: ask an admin.";

  expect(fieldProblems(asked, SHOWN)).toEqual({ fields: {}, rest: asked });
  expect(fieldProblems("other: is missing", SHOWN).rest).toBe(
    "other: is missing",
  );
  expect(fieldProblems(undefined, SHOWN)).toEqual({
    fields: {},
    rest: undefined,
  });
});
