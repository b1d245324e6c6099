import { expect, test } from "vitest";
import type { MaintenanceWindow } from "../../api/generated";
import { isAbout, isUnderWay } from "../../ui/Maintenance";
import { HERE } from "../../ui/wall";
import { bodyOf, draftOf, newDraft, problemsOf, withoutThisOne } from "./draft";
import { labelsInWords, when } from "./words";

const NOW = Date.parse("2026-03-27T12:00:00Z");
const WEEKLY: MaintenanceWindow = {
  id: "w1",
  name: "Patches",
  team: { id: "t1", name: "Platform" },
  created_by: null,
  created_at: "2026-03-01T00:00:00Z",
  start_at: "2026-03-02T21:00:00Z",
  end_at: "2026-03-02T23:00:00Z",
  service_ids: ["s1"],
  labels: { env: "dev" },
  repeat_days: 7,
  time_zone: "Europe/Berlin",
  until_at: "2026-06-30T22:00:00Z",
  state: "active",
  next_start_at: "2026-03-23T21:00:00Z",
  next_end_at: "2026-03-23T23:00:00Z",
};

test("work that begins now lasts as long as is said", () => {
  const draft = { ...newDraft("t1", NOW), name: " Upgrade ", length_s: 1800 };

  expect(bodyOf(draft, NOW)).toEqual({
    name: "Upgrade",
    team_id: "t1",
    start_at: "2026-03-27T12:00:00.000Z",
    end_at: "2026-03-27T12:30:00.000Z",
    service_ids: [],
    labels: {},
    repeat_days: null,
    time_zone: HERE,
    until_at: null,
  });
});

test("planned work is sent back as it came, its last day included", () => {
  const draft = draftOf(WEEKLY);

  expect(draft).toMatchObject({
    from: "2026-03-02T22:00",
    until: "2026-03-03T00:00",
    last_on: "2026-06-30",
    repeat: "7",
  });
  expect(bodyOf(draft, NOW)).toMatchObject({
    start_at: "2026-03-02T21:00:00.000Z",
    end_at: "2026-03-02T23:00:00.000Z",
    until_at: "2026-06-30T22:00:00.000Z",
    repeat_days: 7,
    time_zone: "Europe/Berlin",
  });
});

test("to end one time is to begin with the next, by the clocks of its zone", () => {
  // Berlin's clocks go forward on 29 March
  expect(withoutThisOne(WEEKLY)).toMatchObject({
    start_at: "2026-03-30T20:00:00.000Z",
    end_at: "2026-03-30T22:00:00.000Z",
    repeat_days: 7,
  });
});

test("what cannot be is said beside the field", () => {
  const planned = {
    ...newDraft(null, NOW),
    name: "x",
    when: "planned" as const,
    from: "2026-04-01T10:00",
    until: "2026-04-01T09:00",
  };

  expect(problemsOf(planned)).toEqual({ until: "It ends before it begins" });
  expect(
    problemsOf({ ...planned, until: "2026-04-03T10:00", repeat: "1" }),
  ).toEqual({ until: "It takes longer than it is until the next time" });
  expect(problemsOf({ ...planned, until: "" })).toEqual({
    until: "Say when it ends",
  });
  expect(problemsOf({ ...newDraft(null, NOW), length_s: null })).toMatchObject({
    name: expect.any(String),
    length_s: "Say how long: at most 31 days",
  });
});

test("when it comes is said in a few words", () => {
  expect(when(WEEKLY, NOW)).toBe(
    "Mondays 22:00–00:00 (Europe/Berlin) until 2026-06-30",
  );
  expect(when({ ...WEEKLY, repeat_days: 1, until_at: null }, NOW)).toBe(
    "daily 22:00–00:00 (Europe/Berlin)",
  );
  expect(labelsInWords({ env: "dev", zone: "b" })).toBe("env=dev, zone=b");
});

test("work is under way from its beginning until just before its end", () => {
  const at = (time: string) => isUnderWay(WEEKLY, Date.parse(time));

  expect(at("2026-03-23T20:59:59Z")).toBe(false);
  expect(at("2026-03-23T21:00:00Z")).toBe(true);
  expect(at("2026-03-23T23:00:00Z")).toBe(false);
});

test("work is about its services, or about all of its team, or about all", () => {
  const service = { id: "s2", team: { id: "t1" } };

  expect(isAbout(WEEKLY, service)).toBe(false);
  expect(isAbout({ ...WEEKLY, service_ids: [] }, service)).toBe(true);
  expect(
    isAbout({ ...WEEKLY, service_ids: [] }, { ...service, team: { id: "t2" } }),
  ).toBe(false);
  expect(isAbout({ ...WEEKLY, service_ids: [], team: null }, service)).toBe(
    true,
  );
});
