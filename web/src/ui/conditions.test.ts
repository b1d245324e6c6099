import { expect, test } from "vitest";
import type { BuilderLine } from "../api/generated";
import {
  builderOf,
  fromCel,
  inWords,
  lineProblem,
  linesOf,
  newLine,
  toCel,
} from "./conditions";

const SUBJECTS = {
  title: "Title",
  severity: "Severity",
  body: "Text",
  team: "Team",
  kind: "Kind",
  service: "Service",
};

function cel(...lines: BuilderLine[]): string {
  return toCel({ every: true, lines });
}

test.each<[BuilderLine, string]>([
  [
    { field: "severity", operator: "is", values: ["info"] },
    'severity == "info"',
  ],
  [
    { field: "severity", operator: "is_not", values: ["info"] },
    '!(severity == "info")',
  ],
  [
    { field: "severity", operator: "one_of", values: ["info", "error"] },
    'severity in ["info", "error"]',
  ],
  [
    { field: "title", operator: "starts_with", values: ['a "b"'] },
    'title.startsWith("a \\"b\\"")',
  ],
  [
    { field: "title", operator: "matches", values: ["\\d"] },
    'title.matches("\\\\d")',
  ],
  [{ field: "body", operator: "exists" }, 'body != ""'],
  [{ field: "labels.a b", operator: "exists" }, '"a b" in labels'],
  [{ field: "labels.env", operator: "missing" }, '!("env" in labels)'],
  [
    { field: "labels.env", operator: "not_contains", values: ["x"] },
    '!("env" in labels && labels["env"].contains("x"))',
  ],
])("a line in CEL: %o", (line, expected) => {
  expect(cel(line)).toBe(expected);
  expect(fromCel(expected, SUBJECTS)).toEqual({
    every: true,
    lines: [{ values: [], ...line }],
  });
});

test.each([
  'labels.env == "prod"',
  "incident.number > 3",
  'severity == "critical" && (team == "A" || team == "B")',
  "title.contains(service)",
  'unheard == "of"',
])("what lines cannot say stays CEL: %s", (text) => {
  expect(fromCel(text, SUBJECTS)).toBeNull();
});

test("several lines come back from CEL, each label with its guard", () => {
  const kept = {
    lines: [
      { field: "severity", operator: "is", values: ["critical"] },
      { field: "labels.env", operator: "is", values: ["a && b"] },
      { field: "title", operator: "not_contains", values: ["(test)"] },
    ] satisfies BuilderLine[],
  };

  for (const every of [true, false])
    expect(fromCel(toCel({ ...kept, every }), SUBJECTS)).toEqual({
      ...kept,
      every,
    });
});

test("any of several lines is put in brackets", () => {
  const lines: BuilderLine[] = [
    { field: "team", operator: "is", values: ["A"] },
    { field: "kind", operator: "is", values: ["b"] },
  ];

  expect(toCel({ every: false, lines })).toBe('(team == "A") || (kind == "b")');
  expect(toCel({ every: true, lines })).toBe('team == "A" && kind == "b"');
});

test("what is kept comes back as it was after editing nothing", () => {
  const kept = {
    every: false,
    lines: [
      { field: "labels.a.b", operator: "contains", values: ["c"] },
      { field: "service", operator: "exists", values: [] },
    ] satisfies BuilderLine[],
  };

  expect(builderOf(linesOf(kept, SUBJECTS), kept.every)).toEqual(kept);
});

test("a condition reads as a sentence", () => {
  expect(
    inWords(
      {
        every: true,
        lines: [
          {
            field: "severity",
            operator: "one_of",
            values: ["info", "warning"],
          },
          { field: "labels.env", operator: "missing" },
        ],
      },
      SUBJECTS,
    ),
  ).toBe("severity is one of “info” or “warning” and label env is missing");
});

test("a line is complete once it says with what it compares", () => {
  expect(lineProblem(newLine())).toBe("Say what to compare it with");
  expect(lineProblem({ ...newLine(), field: "label", values: ["a"] })).toBe(
    "Say which label: its name",
  );
  expect(lineProblem({ ...newLine(), operator: "exists" })).toBeNull();
});
