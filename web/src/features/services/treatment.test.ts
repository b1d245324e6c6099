import { expect, test } from "vitest";
import {
  autoResolveInWords,
  groupingInWords,
  settingsOf,
  treatmentOf,
} from "./treatment";

const USUAL = treatmentOf({});

test("what the server leaves out is as in a new service", () => {
  expect(USUAL).toEqual({
    mode: "source",
    window_s: 300,
    labels: [],
    auto_resolve_s: null,
    tier: null,
    catch_all: false,
  });
});

test("settings of a way that is not chosen are forgotten", () => {
  const typed = { ...USUAL, window_s: 60, labels: ["cluster"], tier: "2" };

  expect(settingsOf({ ...typed, mode: "off" })).toMatchObject({
    grouping: { mode: "off", window_s: 300, labels: [] },
    tier: 2,
  });
  expect(settingsOf({ ...typed, mode: "time" }).grouping?.window_s).toBe(60);
  expect(settingsOf({ ...typed, mode: "labels" }).grouping?.labels).toEqual([
    "cluster",
  ]);
});

test("an emptied window is the usual one", () => {
  const emptied = settingsOf({ ...USUAL, mode: "time", window_s: null });

  expect(emptied.grouping?.window_s).toBe(300);
});

test("grouping and its end are said in words", () => {
  expect(groupingInWords({ ...USUAL, mode: "time", window_s: 90 })).toContain(
    "1 min 30 s",
  );
  expect(
    groupingInWords({ ...USUAL, mode: "labels", labels: ["cluster", "zone"] }),
  ).toContain("cluster, zone");
  expect(autoResolveInWords(86_400)).toBe("After 1 d without an event");
});
