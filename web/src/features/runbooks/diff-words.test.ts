import { expect, test } from "vitest";
import type { RunbookTarget } from "../../api/generated";
import { inOrder, partsOf, textOf, whereOf } from "./diff-words";

const TARGET: RunbookTarget = {
  kind: "webhook",
  title: "Signed webhook",
  summary: "",
  connection_schema: {},
  content_schema: { properties: { path: { type: "string", title: "Path" } } },
  can_cancel: false,
  calls_back: true,
  readme: "",
};

test.each([
  ["description", "Description"],
  ["content.path", "Path"],
  ["content.headers.X-Region", "headers X-Region"],
  ["parameters.properties.host", "Parameter host"],
  ["parameters.properties.host.pattern", "Parameter host: pattern"],
  ["parameters.properties.hosts.items.enum", "Parameter hosts: items values"],
  ["parameters.required", "Required parameters"],
  ["bindings.host", "Parameter host: filled in from"],
  ["something.newer", "something.newer"],
])("%s is called %s", (path, words) => {
  expect(whereOf(path, TARGET)).toBe(words);
});

test("one changed word of a line is shown within it", () => {
  expect(partsOf("restart one worker", "restart all worker")).toEqual([
    { kind: "same", text: "restart " },
    { kind: "removed", text: "one" },
    { kind: "added", text: "all" },
    { kind: "same", text: " worker" },
  ]);
});

test("long texts are compared line by line, and nothing of them is left out", () => {
  const parts = partsOf("a\nb\nc", "a\nx\nc");

  expect(parts.map(({ kind }) => kind)).toEqual([
    "same",
    "removed",
    "added",
    "same",
  ]);
  expect(parts.map(({ text }) => text).join("")).toBe("a\nb\nx\nc");
});

test("ids of connections are shown by their names, unknown ones as they are", () => {
  expect(textOf(["c1", "c2"], new Map([["c1", "Runner"]]))).toBe("Runner\nc2");
});

test("what decides about the harm comes before what describes it", () => {
  const paths = ["description", "content.path", "name", "run_class"];
  const all = paths.map((path) => ({ path, before: null, after: "x" }));

  expect(inOrder(all).map(({ path }) => path)).toEqual([
    "run_class",
    "content.path",
    "description",
    "name",
  ]);
});
