import { expect, test } from "vitest";
import { integrationOf, kindOf, times, whoOf } from "./kinds";

const SUBJECT = { kind: "public", subject: "203.0.113.7", name: null };

test("who was above a limit is called by name where it is known", () => {
  expect(whoOf({ ...SUBJECT, kind: "api.reads", name: "Ana" })).toBe("Ana");
  expect(whoOf(SUBJECT)).toBe("203.0.113.7");
});

test("attempts to sign in say as whom and from where, but no device", () => {
  expect(
    whoOf({
      ...SUBJECT,
      kind: "sign_in.email",
      subject: "203.0.113.0/24 ana@example.org",
    }),
  ).toBe("ana@example.org from 203.0.113.0/24");
  expect(
    whoOf({
      ...SUBJECT,
      kind: "sign_in.device",
      subject: "c0ffee ana@example.org",
    }),
  ).toBe("ana@example.org");
});

test("only what an integration sent leads to its page", () => {
  const one = { kind: "ingest.key.hard", subject: "an id", name: "Probes" };

  expect(integrationOf(one)).toBe("an id");
  expect(integrationOf({ ...one, name: null })).toBeUndefined();
  expect(integrationOf({ ...one, kind: "api.reads" })).toBeUndefined();
});

test("a limit of a newer server is shown as it is called", () => {
  expect(kindOf("teleports").what).toBe("teleports");
});

test("how often is said in words", () => {
  expect([times(1), times(12)]).toEqual(["once", "12 times"]);
});
