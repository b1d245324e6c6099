import { expect, test } from "vitest";
import { addressWords, linkedSince, stateOf } from "./method-state";

const METHOD = {
  disabled_at: null,
  disabled_reason: null,
  unverified_since: null,
};
const SMS = { title: "SMS", set_up: true };
const THEN = "2030-01-01T12:00:00Z";

test("a contact method says whether one is paged there", () => {
  expect(stateOf(METHOD, SMS).word).toBe("In use");
  expect(stateOf({ ...METHOD, unverified_since: THEN }, SMS).word).toBe(
    "Not verified",
  );
  expect(stateOf(METHOD, { ...SMS, set_up: false })).toMatchObject({
    word: "Not set up",
    why: "Nothing can be sent by SMS until a platform admin sets it up.",
  });
});

test("what switched a contact method off is said before all else", () => {
  const gone = {
    disabled_at: THEN,
    disabled_reason: "the number does not exist",
    unverified_since: THEN,
  };

  expect(stateOf(gone, { ...SMS, set_up: false })).toMatchObject({
    word: "Not used",
    why: "the number does not exist",
  });
});

test("a chat counts as linked once it is new, or proven anew", () => {
  const old = { id: "1", channel: "slack", proven_at: THEN };
  const other = { id: "2", channel: "email", proven_at: null };
  const added = { ...old, id: "3" };
  const again = { ...old, proven_at: "2030-01-02T12:00:00Z" };

  expect(linkedSince([old], [old, other], "slack")).toBeUndefined();
  expect(linkedSince([old], [old, added], "slack")).toBe(added);
  expect(linkedSince([old], [again], "slack")).toBe(again);
});

test("of what lets others write there only the host is shown", () => {
  const words = (address: Record<string, unknown>) => addressWords({ address });

  expect(words({ endpoint: "https://push.example.org/x/y", auth: "a" })).toBe(
    "push.example.org",
  );
  expect(words({ url: "https://chat.example.org/key", mine: true })).toBe(
    "chat.example.org",
  );
  expect(words({ url: "https://example.org/pages" })).toBe(
    "https://example.org/pages",
  );
  expect(words({ number: "+4915112345678" })).toBe("+4915112345678");
});
