import { expect, test } from "vitest";
import type { NoiseProposal } from "../../api/generated";
import { bodyOf, problemsOf } from "./draft";
import { draftFor } from "./noise";

const PROPOSAL: NoiseProposal = {
  id: "n1",
  team: { id: "t1", name: "Web" },
  service: { id: "s1", name: "Shop" },
  integration_id: "i1",
  integration: "Prometheus",
  dedup_key: "disk",
  title: "Disk full",
  incidents: 3,
  people: 2,
  last_at: "2026-03-02T09:00:00Z",
  remedy: "low_urgency",
};

test("what is noise at times wakes nobody any more", () => {
  const draft = draftFor(PROPOSAL);

  expect(problemsOf(draft)).toEqual({});
  expect(bodyOf(draft)).toMatchObject({
    team_id: "t1",
    actions: { urgency: "low" },
    continues: true,
    builder: {
      every: true,
      lines: [
        { field: "integration", operator: "is", values: ["Prometheus"] },
        { field: "dedup_key", operator: "is", values: ["disk"] },
      ],
    },
  });
});

test("what is always noise is suppressed with the reason", () => {
  const draft = draftFor({ ...PROPOSAL, remedy: "suppress", incidents: 6 });

  expect(draft.actions).toEqual({
    suppress: { reason: "It was noise 6 times" },
  });
  expect(draft.continues).toBe(false);
});

test("an integration that is gone is not asked for", () => {
  const draft = draftFor({ ...PROPOSAL, integration: null });

  expect(draft.lines.map(({ field }) => field)).toEqual(["dedup_key"]);
});
