import { expect, test } from "vitest";
import { isBy, wordsFor } from "./timeline-words";

test.each([
  ["incident.resolved", { note: "turned it off" }, "resolved: turned it off"],
  [
    "escalation.paged",
    { step: 1, cause: "step 1", users: [{ id: "u", name: "Ana" }] },
    "paged Ana (step 1)",
  ],
  [
    "incident.updated",
    { changes: { priority: { from: null, to: "P1" } } },
    "changed the priority to P1",
  ],
  [
    "incident.merged",
    { into: { id: "x", number: 7, title: "y" } },
    "merged this into #7",
  ],
  [
    "notification.failed",
    { channel: "in_app", user: { id: "u", name: "Bo" }, error: "HTTP 410" },
    "could not reach Bo by in app: HTTP 410",
  ],
  ["incident.joined", {}, "reported again"],
  [
    "incident.routed_since",
    { title: "CPU hot", service: { name: "Shop" } },
    "found the place of alerts like “CPU hot”: from now on they go to Shop",
  ],
  [
    "incident.acknowledgement_expired",
    { users: [{ id: "u", name: "Ana" }] },
    "took it from Ana, who had it for too long: it escalates again",
  ],
  [
    "escalation.skipped",
    { step: 2, reason: "hours" },
    "skipped step 2: it is for other hours",
  ],
  [
    "escalation.skipped",
    { step: 2, reason: "urgency" },
    "skipped step 2: it is for another urgency",
  ],
  [
    "escalation.skipped",
    { step: 2 },
    "skipped step 2: there was nobody to page",
  ],
  [
    "escalation.held",
    { step: 2, reason: "window" },
    "waits for the hours of step 2",
  ],
  [
    "escalation.held",
    { reason: "low_urgency" },
    "waits for working hours, as it is not urgent",
  ],
  [
    "escalation.gave_up",
    { acknowledged: 1, wanted: 2 },
    "asks nobody else: 1 of 2 have acknowledged",
  ],
  ["status_page.updated", {}, "status page updated"],
])("%s", (kind, data, words) => {
  expect(wordsFor({ kind, data })).toBe(words);
});

test("a person is a person, all else is machine", () => {
  const by = (kind: "user" | "system") => ({
    actor: { kind, id: null, name: "x" },
  });

  expect(isBy("people", by("user"))).toBe(true);
  expect(isBy("people", by("system"))).toBe(false);
  expect(isBy("machine", by("system"))).toBe(true);
  expect(isBy("everything", by("user"))).toBe(true);
});

test("of a whole department only the first few are named", () => {
  const users = ["Ana", "Bo", "Chidi", "Dana", "Emi", "Finn"];

  expect(wordsFor({ kind: "escalation.paged", data: { users } })).toBe(
    "paged Ana, Bo, Chidi, Dana and 2 more",
  );
});

test("what is posted in a room is told apart from who is paged", () => {
  const rooms = [{ id: "r", name: "Ops" }];
  const words = (data: Record<string, unknown>) =>
    wordsFor({ kind: "escalation.paged", data });
  expect(words({ users: [], rooms, cause: "step 1" })).toBe(
    "posted in Ops (step 1)",
  );
  expect(words({ users: [{ name: "Ana" }], rooms, cause: "step 1" })).toBe(
    "paged Ana and posted in Ops (step 1)",
  );
  expect(
    wordsFor({
      kind: "notification.failed",
      data: { room: rooms[0], channel: "slack", error: "gone" },
    }),
  ).toBe("could not reach the room Ops by slack: gone");
});

test("the chat that an incident has of its own is told of", () => {
  const data = { name: "inc-12-disk-full", channel: "slack" };
  expect(wordsFor({ kind: "incident.chat_made", data })).toBe(
    "made the chat inc-12-disk-full by slack",
  );
  expect(
    wordsFor({
      kind: "incident.chat_failed",
      data: { ...data, error: "Slack says missing_scope" },
    }),
  ).toBe(
    "cannot keep the chat inc-12-disk-full by slack: Slack says missing_scope",
  );
});
