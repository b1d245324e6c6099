import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { ApiError } from "../api/errors";
import { testServer } from "../test/server";
import type { Action } from "./actions";
import type { Ask } from "./ask";
import { keep, replay, takeBack, unsentOf } from "./queue";
import { sendOrKeepAll } from "./send-or-keep";

const server = testServer();
const PRESSED = "2026-03-01T12:00:00Z";
const LATER = Date.parse("2026-03-01T12:05:00Z");
const ANA = { id: "u1", name: "Ana" };
const BO = { id: "u2", name: "Bo" };

const TRIGGERED = {
  status: "triggered",
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
  resolved_by: null,
};

/** Asks the test's server; while `broken`, nothing gets there. */
let broken = false;
const keys: (string | undefined)[] = [];
const ask: Ask = async (method, path, body, key) => {
  if (body && key) keys.push(key);
  if (broken) return { status: 0, json: undefined };
  const response = await fetch(server.address() + path, {
    method,
    body: body && JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
};

function on(id: string, verb: "acknowledge" | "resolve"): Action {
  return { verb, incident: { id, number: 12, title: "Disk full" } };
}

beforeEach(async () => {
  broken = false;
  for (const { id } of await unsentOf(ANA.id)) await takeBack(id);
  for (const { id } of await unsentOf(BO.id)) await takeBack(id);
  server.on("GET /v1/me", () => ({ json: ANA }));
  for (const id of ["i1", "i2"]) {
    server.on(`GET /v1/incidents/${id}`, () => ({ json: TRIGGERED }));
    server.on(`PUT /v1/incidents/${id}/acknowledgement`, () => ({}));
    server.on(`PUT /v1/incidents/${id}/resolution`, () => ({}));
  }
});

function changes() {
  return server.asked.filter((each) => !each.startsWith("GET"));
}

test("what was done without a connection is sent in the order in which it was done", async () => {
  await keep(on("i1", "acknowledge"), ANA.id, PRESSED);
  await keep(on("i2", "acknowledge"), ANA.id, PRESSED);
  await keep(on("i1", "resolve"), ANA.id, PRESSED);

  const outcomes = await replay(ask, LATER);

  expect(changes()).toEqual([
    "PUT /v1/incidents/i1/acknowledgement",
    "PUT /v1/incidents/i2/acknowledgement",
    "PUT /v1/incidents/i1/resolution",
  ]);
  expect(outcomes.map(({ refused }) => refused)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await unsentOf(ANA.id)).toEqual([]);
});

test("while nothing answers everything stays, and nothing overtakes", async () => {
  await keep(on("i1", "acknowledge"), ANA.id, PRESSED);
  await keep(on("i2", "acknowledge"), ANA.id, PRESSED);
  server.on("PUT /v1/incidents/i1/acknowledgement", () => ({ status: 503 }));

  expect(await replay(ask, LATER)).toEqual([]);
  broken = true;
  expect(await replay(ask, LATER)).toEqual([]);

  expect(changes()).toEqual(["PUT /v1/incidents/i1/acknowledgement"]);
  expect((await unsentOf(ANA.id)).length).toBe(2);
});

test("what the server refuses is explained, and does not hold up the rest", async () => {
  await keep(on("i1", "acknowledge"), ANA.id, PRESSED);
  await keep(on("i2", "acknowledge"), ANA.id, PRESSED);
  server.on("PUT /v1/incidents/i1/acknowledgement", () => ({
    status: 409,
    json: { detail: "a resolved incident cannot be acknowledged" },
  }));

  const outcomes = await replay(ask, LATER);

  expect(outcomes.map(({ refused }) => refused)).toEqual([
    "a resolved incident cannot be acknowledged",
    undefined,
  ]);
});

test("a late press does not end what a colleague has taken on since", async () => {
  await keep(on("i1", "resolve"), ANA.id, PRESSED);
  server.on("GET /v1/incidents/i1", () => ({
    json: {
      ...TRIGGERED,
      status: "acknowledged",
      acknowledged_at: "2026-03-01T12:02:00Z",
      acknowledged_by: BO,
    },
  }));

  const [outcome] = await replay(ask, LATER);

  expect(outcome?.refused).toBe("Bo acknowledged it meanwhile");
  expect(changes()).toEqual([]);
  expect(await unsentOf(ANA.id)).toEqual([]);
});

test("a press of half a day ago is not sent", async () => {
  await keep(on("i1", "acknowledge"), ANA.id, PRESSED);

  const [outcome] = await replay(ask, LATER + 12 * 3_600_000);

  expect(outcome?.refused).toBe("it was pressed more than 12 hours ago");
  expect(changes()).toEqual([]);
});

test("nobody sends what somebody else did on this device", async () => {
  await keep(on("i1", "acknowledge"), BO.id, PRESSED);

  expect(await replay(ask, LATER)).toEqual([]);

  expect(changes()).toEqual([]);
  expect((await unsentOf(BO.id)).length).toBe(1);
});

test("what was taken back in time is never sent", async () => {
  const { id } = await keep(on("i1", "acknowledge"), ANA.id, PRESSED);

  expect(await takeBack(id)).toBe(true);
  await replay(ask, LATER);

  expect(changes()).toEqual([]);
  expect(await takeBack(id)).toBe(false);
});

test("a note is sent under one key however often, even after half a day", async () => {
  await keep(
    { ...on("i1", "acknowledge"), verb: "note", text: "fans", key: "k1" },
    ANA.id,
    PRESSED,
  );
  server.on("POST /v1/incidents/i1/notes", () => ({ status: 503 }));
  expect(await replay(ask, LATER)).toEqual([]);
  server.on("POST /v1/incidents/i1/notes", () => ({ status: 201, json: {} }));

  const [outcome] = await replay(ask, LATER + 13 * 3_600_000);

  expect(outcome?.refused).toBeUndefined();
  expect(keys.slice(-2)).toEqual(["k1", "k1"]);
  expect(await unsentOf(ANA.id)).toEqual([]);
});

test("a note stays between the actions it was written between", async () => {
  await keep(on("i1", "acknowledge"), ANA.id, PRESSED);
  await keep(
    { ...on("i1", "acknowledge"), verb: "note", text: "restarted", key: "k2" },
    ANA.id,
    PRESSED,
  );
  await keep(on("i1", "resolve"), ANA.id, PRESSED);
  server.on("POST /v1/incidents/i1/notes", () => ({ status: 201, json: {} }));

  await replay(ask, LATER);

  expect(changes()).toEqual([
    "PUT /v1/incidents/i1/acknowledgement",
    "POST /v1/incidents/i1/notes",
    "PUT /v1/incidents/i1/resolution",
  ]);
});

test("of many that were resolved at once, only the one in conflict is not", async () => {
  const none = () =>
    Promise.reject(new ApiError("no answer", 0, "unreachable"));
  const sent = await sendOrKeepAll(
    none,
    [on("i1", "resolve"), on("i2", "resolve")],
    ANA.id,
  );
  expect("waits" in sent && sent.waits.length).toBe(2);
  server.on("GET /v1/incidents/i1", () => ({
    json: {
      ...TRIGGERED,
      status: "acknowledged",
      acknowledged_at: new Date(Date.now() + 1000).toISOString(),
      acknowledged_by: BO,
    },
  }));

  const outcomes = await replay(ask, Date.now());

  expect(outcomes.map(({ refused }) => refused)).toEqual([
    "Bo acknowledged it meanwhile",
    undefined,
  ]);
  expect(changes()).toEqual(["PUT /v1/incidents/i2/resolution"]);
});

test("what many answers to at once is the answer for all of them", async () => {
  const sent = await sendOrKeepAll(
    () => Promise.resolve({ changed: 2 }),
    [on("i1", "resolve"), on("i2", "resolve")],
    ANA.id,
  );

  expect(sent).toEqual({ answer: { changed: 2 } });
  expect(await unsentOf(ANA.id)).toEqual([]);
});
