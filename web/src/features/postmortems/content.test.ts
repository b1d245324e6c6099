import { expect, test } from "vitest";
import { contentOf, inOrder, type Line, shown, textOf } from "./content";
import { lasted, ticketName } from "./words";

const START = "2026-03-02T09:00:00Z";

function line(id: string, at: string, changes: Partial<Line> = {}): Line {
  return { id, at, text: id, incident: 1, hidden: false, ...changes };
}

test("what the server leaves out is empty", () => {
  const content = contentOf({ title: "Down", impact: { started_at: START } });

  expect(content.body).toBe("");
  expect(content.impact.resolved_at).toBeNull();
  expect(content.timeline).toEqual([]);
});

test("lines are in the order of time, and of one instant as they were", () => {
  const lines = [
    line("b", "2026-03-02T09:05:00Z"),
    line("a", START),
    line("c", "2026-03-02T10:05:00+01:00"),
  ];

  expect(inOrder(lines).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("readers see neither hidden lines nor empty ones", () => {
  const lines = [
    line("a", START),
    line("b", START, { hidden: true }),
    line("c", START, { text: " " }),
  ];

  expect(shown(lines).map(({ id }) => id)).toEqual(["a"]);
});

test("versions are compared with all that is in them", () => {
  const content = contentOf({
    title: "Down",
    body: "The disk.",
    impact: { started_at: START, note: "Nobody could pay" },
    timeline: [line("a", START, { hidden: true })],
    tags: ["disk"],
  });

  const text = textOf(content);

  for (const part of ["Down", "The disk.", "Nobody could pay", "disk"])
    expect(text).toContain(part);
  expect(text).toContain(`${START} (hidden) a`);
});

test("it lasts until the last incident is over", () => {
  expect(lasted(START, "2026-03-02T09:42:00Z")).toBe("42 min");
  expect(lasted(START, null)).toBeUndefined();
});

test.each([
  ["https://example.atlassian.net/browse/OPS-12", null, "OPS-12"],
  ["https://linear.app/acme/issue/ENG-7/fix-it", null, "ENG-7"],
  ["https://tracker.example.org/42", null, "tracker.example.org"],
  ["https://tracker.example.org/42", "T-42", "T-42"],
])("the ticket at %s is called %s or %s", (url, key, name) => {
  expect(ticketName(url, key)).toBe(name);
});
