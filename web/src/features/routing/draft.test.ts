import { expect, test } from "vitest";
import type { RoutingRule } from "../../api/generated";
import { landing } from "../../ui/use-drag";
import { actionsInWords, FRESH } from "./actions";
import { bodyOf, draftOf, moved, newDraft, problemsOf, trialOf } from "./draft";
import { summary } from "./Trial";

const RULE: RoutingRule = {
  id: "r1",
  name: "Quiet nights",
  condition: 'severity == "info"',
  builder: null,
  actions: {
    service_id: null,
    severity: null,
    labels: {},
    links: [{ href: "https://example.org", text: "Runbook" }],
    suppress: { reason: "known", for_s: null },
    count: { times: 3, within_s: 600 },
  },
  continues: true,
  enabled: false,
  team: { id: "t1", name: "Payments" },
  position: 0,
  failures: 0,
  last_failure: null,
  created_at: "2026-01-01T00:00:00Z",
};

test("a rule is sent back as it came", () => {
  expect(bodyOf(draftOf(RULE))).toEqual({
    name: "Quiet nights",
    team_id: "t1",
    condition: 'severity == "info"',
    builder: null,
    actions: {
      links: [{ href: "https://example.org", text: "Runbook" }],
      suppress: { reason: "known", for_s: null },
      count: { times: 3, within_s: 600 },
    },
    continues: true,
    enabled: false,
  });
});

test("a new rule says everything that it lacks, each at its place", () => {
  const draft = newDraft(null);
  const [line] = draft.lines;

  expect(problemsOf(draft)).toEqual({
    name: "A rule needs a name",
    actions: "Say what the rule does",
    [`lines.${line?.key}`]: "Say what to compare it with",
  });
});

test("an action lacks what people would have to guess", () => {
  const draft = { ...draftOf(RULE), actions: { ...FRESH } };

  expect(problemsOf(draft)).toEqual({
    "actions.service_id": "Choose a service",
    "actions.suppress":
      "Give a reason: it is shown wherever somebody misses the page",
    "actions.labels": "Add a label",
    "actions.links": "Add an address",
    "actions.dedup_key": "Write the template of the key",
  });
});

test("what is complete of a rule can be tried", () => {
  const draft = {
    ...newDraft("t1"),
    by: "cel" as const,
    cel: "true",
    actions: { suppress: { reason: "" }, hold_s: 60 },
  };

  expect(trialOf(draft)).toMatchObject({
    team_id: "t1",
    condition: "true",
    actions: { hold_s: 60 },
  });
  expect(trialOf(draft)?.actions.suppress).toBeUndefined();
  expect(trialOf(newDraft("t1"))).toBeNull();
});

test("actions read as a few words each", () => {
  expect(actionsInWords(RULE.actions)).toEqual([
    "suppress: known",
    "page when it fires 3 times within 10 min",
    "link Runbook",
  ]);
});

test("a trial is summed up, and nothing that did not happen is said", () => {
  const none = { failures: 0, last_failure: null, examples: [] };

  expect(
    summary({
      ...none,
      requests: 1000,
      alerts: 412,
      matched: 37,
      suppressed: 5,
      held: 0,
    }),
  ).toBe("Would have matched 37 of 412 alerts, suppressed 5");
  expect(
    summary({
      ...none,
      requests: 1,
      alerts: 1,
      matched: 0,
      suppressed: 0,
      held: 0,
    }),
  ).toBe("Would have matched 0 of 1 alert");
});

test("a thing moves up and down its list", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
});

test("a dragged row lands where its handle is among the others", () => {
  const middles = [10, 30, 50];

  expect(landing(middles, 0, 12)).toBe(0);
  expect(landing(middles, 0, 35)).toBe(1);
  expect(landing(middles, 0, 99)).toBe(2);
  expect(landing(middles, 2, 5)).toBe(0);
});
