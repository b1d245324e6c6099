import { expect, test } from "vitest";
import { attemptWords } from "./attempt-words";

const TAKEN = {
  number: 1,
  outcome: "accepted",
  error: null,
  started_at: "2030-01-01T12:00:00.000Z",
  finished_at: "2030-01-01T12:00:00.320Z",
  possible_duplicate: false,
  provider: "twilio",
  receipt: "delivered",
};

test("an attempt names its provider, its answer, and its receipt", () => {
  expect(attemptWords(TAKEN)).toBe(
    "twilio: taken after 320 ms, confirmed as arrived",
  );
});

test("an attempt without a clear answer says that it may have arrived twice", () => {
  expect(
    attemptWords({
      ...TAKEN,
      outcome: "unknown",
      error: "the connection ended",
      finished_at: "2030-01-01T12:00:10Z",
      possible_duplicate: true,
      provider: "",
      receipt: null,
    }),
  ).toBe(
    "no clear answer after 10 s, may have arrived twice, the connection ended",
  );
});
