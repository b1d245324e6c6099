import { expect, test } from "vitest";
import {
  addStep,
  connect,
  inOrder,
  leadOn,
  leadsTo,
  removeSteps,
  renameStep,
  whyNot,
} from "./graph";
import { arranged } from "./layout";
import { statesOf, takenBy } from "./run-states";
import { chain, VOCABULARY } from "./samples.testing";
import { variablesFor } from "./variables";

test("a step that is added after another stands between it and what followed", () => {
  const { graph, id } = addStep(
    chain(),
    { kind: "condition", type: "" },
    { from: { id: "ticket", port: "out" } },
  );

  expect(id).toBe("condition");
  expect(leadsTo(graph, "ticket", "out")).toEqual(["condition"]);
  expect(leadsTo(graph, "condition", "yes")).toEqual(["tell"]);
});

test("steps of one kind get ids of their own", () => {
  const slack = { kind: "action" as const, type: "slack" };
  const first = addStep(chain(), slack);
  const second = addStep(first.graph, slack);

  expect([first.id, second.id]).toEqual(["slack", "slack_2"]);
});

test.each([
  ["tell", "ticket", /round in circles/],
  ["ticket", "ticket", /itself/],
  ["ticket", "opened", /Nothing can lead to a trigger/],
])("no line is drawn from %s to %s", (source, target, reason) => {
  const graph = chain();

  expect(whyNot(graph, source, target)).toMatch(reason);
  expect(connect(graph, { source, target, port: "out" })).toBe(graph);
});

test("a way out leads to exactly what was chosen", () => {
  const graph = leadOn(chain(), "opened", "out", ["tell"]);

  expect(leadsTo(graph, "opened", "out")).toEqual(["tell"]);
  expect(leadsTo(graph, "ticket", "out")).toEqual(["tell"]);
});

test("a step goes with its lines", () => {
  const graph = removeSteps(chain(), ["ticket"]);

  expect(graph.nodes.map(({ id }) => id)).toEqual(["opened", "tell"]);
  expect(graph.edges).toEqual([]);
});

test("what speaks of a step follows when its id changes", () => {
  const graph = renameStep(chain(), "ticket", "issue");

  expect(graph.nodes[2]?.config.text).toBe(
    "{{steps.issue.key}}: {{incident.title}}",
  );
  expect(leadsTo(graph, "opened", "out")).toEqual(["issue"]);
});

test("a list tells each step after all that lead to it, and ends in circles, too", () => {
  const graph = chain();
  const turned = { ...graph, nodes: graph.nodes.toReversed() };
  const circle = {
    ...graph,
    edges: [...graph.edges, { source: "tell", target: "ticket", port: "out" }],
  };

  expect(inOrder(turned).map(({ id }) => id)).toEqual([
    "opened",
    "ticket",
    "tell",
  ]);
  expect(inOrder(circle)).toHaveLength(3);
});

test("every step is drawn to the right of those before it, none over another", () => {
  const wide = ["a", "b", "c"].reduce(
    (graph) =>
      addStep(
        graph,
        { kind: "action", type: "slack" },
        { from: { id: "tell", port: "failed" } },
      ).graph,
    chain(),
  );
  const graph = arranged(wide);
  const x = (id: string) =>
    graph.nodes.find((step) => step.id === id)?.position?.x ?? Number.NaN;

  for (const { source, target } of graph.edges)
    expect(x(target)).toBeGreaterThan(x(source));
  const places = graph.nodes.map(({ position }) => JSON.stringify(position));
  expect(new Set(places).size).toBe(graph.nodes.length);
});

test("templates may name what earlier steps put out, and no later ones", () => {
  const paths = (id: string) =>
    variablesFor(chain(), id, VOCABULARY).map(({ path }) => path);

  expect(paths("tell")).toContain("steps.ticket.key");
  expect(paths("ticket")).not.toContain("steps.tell.error");
  expect(paths("ticket")).toContain("incident.title");
  expect(paths("ticket")).toContain("incident.labels.…");
});

test("the lines that a run has followed are told from those that it has not", () => {
  const step = {
    turn: 0,
    due_at: null,
    attempts: 1,
    input: null,
    output: null,
    error: null,
    answered_by: null,
    started_at: null,
    ended_at: null,
    possible_duplicate: false,
  };
  const run = {
    trigger: "opened",
    steps: [
      {
        ...step,
        id: "1",
        node: "ticket",
        status: "failed" as const,
        port: "failed",
      },
      {
        ...step,
        id: "2",
        node: "tell",
        status: "skipped" as const,
        port: null,
      },
    ],
  };

  expect(statesOf(run).get("ticket")).toBe("failed");
  const [first, second] = chain().edges.map(takenBy(run));
  expect([first, second]).toEqual([true, false]);
});
