import { expect, test } from "vitest";
import {
  newWork,
  problemsOfWork,
  repeatChoices,
  rruleInWords,
  rruleOf,
  type WorkDraft,
  workOf,
} from "./work-draft";

const DRAFT: WorkDraft = {
  ...newWork(Date.parse("2026-11-23T10:00:00Z")),
  name: "Database upgrade",
  zone: "Europe/Berlin",
  from: "2026-12-08T22:00",
  until: "2026-12-09T00:30",
};

test.each([
  ["", null],
  ["week", "FREQ=WEEKLY;BYDAY=TU"],
  ["weeks", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
  ["month", "FREQ=MONTHLY;BYDAY=2TU"],
] as const)(
  "a series that comes again by %j has the rule %j",
  (repeat, rule) => {
    expect(rruleOf({ ...DRAFT, repeat })).toBe(rule);
  },
);

test("a fifth one is the last of its month", () => {
  const fifth = {
    ...DRAFT,
    from: "2026-12-29T22:00",
    repeat: "month",
  } as const;
  expect(rruleOf(fifth)).toBe("FREQ=MONTHLY;BYDAY=-1TU");
  expect(repeatChoices(fifth.from)[3]?.label).toBe(
    "Every month, on the last Tuesday",
  );
});

test.each([
  ["FREQ=WEEKLY;BYDAY=TU", "every week, on Tuesdays"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "every 2 weeks, on Sundays"],
  ["FREQ=MONTHLY;BYDAY=2TU", "every month, on the second Tuesday"],
  ["FREQ=MONTHLY;BYDAY=-1FR", "every month, on the last Friday"],
  ["FREQ=YEARLY", "by the rule FREQ=YEARLY"],
])("%s reads: %s", (rule, words) => {
  expect(rruleInWords(rule)).toBe(words);
});

test("times are read by the clocks of the zone", () => {
  expect(workOf(DRAFT)).toMatchObject({
    scheduled_for: "2026-12-08T21:00:00.000Z",
    scheduled_until: "2026-12-08T23:30:00.000Z",
    time_zone: "Europe/Berlin",
    rrule: null,
  });
});

test("work begins before it ends, and has a name", () => {
  expect(problemsOfWork(DRAFT)).toEqual({});
  const wrong = { ...DRAFT, name: "", until: "2026-12-08T21:00" };
  expect(Object.keys(problemsOfWork(wrong))).toEqual(["name", "until"]);
  expect(problemsOfWork({ ...DRAFT, repeat: "rule" })).toHaveProperty("rrule");
});
