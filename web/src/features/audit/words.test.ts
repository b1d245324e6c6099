import { expect, test } from "vitest";
import type { AuditEntry } from "../../api/generated";
import { actorOf, deedOf, differencesOf, exportOf, restOf } from "./words";

const ENTRY: AuditEntry = {
  id: 1,
  at: "2026-03-02T09:00:00Z",
  kind: "service.updated",
  object_kind: "service",
  object_id: "1",
  object_name: "Shop",
  team_id: null,
  actor_kind: "user",
  actor_id: null,
  actor_name: "Ana",
  credential_kind: "session",
  credential_id: null,
  address: "192.0.2.1",
  request_id: "r",
  route: "PATCH /v1/services/{service_id}",
  before: { tier: null, name: "Store" },
  after: { tier: 1, name: "Shop" },
  data: null,
  seq: 1,
  can_undo: true,
};

test("a change of a row reads as a sentence", () => {
  expect(deedOf(ENTRY)).toBe("changed the service Shop");
});

test("what is no change of a row reads as its kind", () => {
  const read = {
    ...ENTRY,
    kind: "export.runbook_audit",
    before: null,
    after: null,
  };
  expect(deedOf({ ...read, object_name: "" })).toBe("export runbook audit");
});

test("a sign-in says whose it was once", () => {
  const entry = {
    ...ENTRY,
    kind: "sign_in.succeeded",
    object_name: "Ana",
    before: null,
    after: null,
  };
  expect(deedOf(entry)).toBe("signed in");
  expect(deedOf({ ...entry, actor_name: "" })).toBe("signed in: Ana");
});

test("whoever goes past the product is said to do so", () => {
  const row = { ...ENTRY, actor_kind: "database", actor_name: "postgres" };
  expect(actorOf(row)).toBe("postgres, in the database");
});

test("each column that differs is shown before and after", () => {
  expect(differencesOf(ENTRY)).toEqual([
    { column: "name", before: "Store", after: "Shop" },
    { column: "tier", before: "nothing", after: "1" },
  ]);
});

test("of what is noted whole only that is shown which differs", () => {
  const whole = {
    ...ENTRY,
    kind: "schedule.replaced",
    before: null,
    after: null,
    data: {
      before: { name: "Night", layers: 2 },
      after: { name: "Nights", layers: 2 },
    },
  };
  expect(differencesOf(whole)).toEqual([
    { column: "name", before: "Night", after: "Nights" },
  ]);
  expect(restOf(whole)).toEqual({});
});

test("what came has nothing before", () => {
  const made = { ...ENTRY, before: null, after: { name: "Shop" } };
  expect(differencesOf(made)).toEqual([
    { column: "name", before: null, after: "Shop" },
  ]);
});

test("an export asks for the same entries", () => {
  expect(exportOf({ kind: "team.", since: undefined }, "csv")).toBe(
    "/v1/audit/export?kind=team.&format=csv",
  );
});
