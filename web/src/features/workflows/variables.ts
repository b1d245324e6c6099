import type { WorkflowVocabulary } from "../../api/generated";
import { before, type Graph, nameOf, typeOf } from "./graph";

/** Something that a template may name. */
export interface Variable {
  path: string;
  what: string;
}

function under(path: string, value: unknown): Variable[] {
  if (typeof value === "string") return [{ path, what: value }];
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value);
  if (inside.length === 0) return [{ path: `${path}.…`, what: ANYTHING }];
  return inside.flatMap(([name, each]) => under(`${path}.${name}`, each));
}

const ANYTHING = "a name that you know to be there";
const ELSEWHERE = new Set(["steps", "secrets", "item", "index"]);

/** What the templates of a step may name: the incident, and what earlier steps put out. */
export function variablesFor(
  graph: Graph,
  stepId: string | null,
  vocabulary: WorkflowVocabulary,
): Variable[] {
  const general = Object.entries(vocabulary.variables).flatMap(
    ([name, value]) => (ELSEWHERE.has(name) ? [] : under(name, value)),
  );
  if (stepId === null) return general;
  const earlier = before(graph, stepId);
  const steps = graph.nodes.flatMap((step) => {
    const type = typeOf(step, vocabulary);
    if (!earlier.has(step.id) || !type) return [];
    const outputs = { ...type.outputs, ...(step.kind === "action" && FAILS) };
    return Object.entries(outputs).map(([name, what]) => ({
      path: `steps.${step.id}.${name}`,
      what: `${nameOf(step, vocabulary)}: ${what}`,
    }));
  });
  const looped = graph.nodes.some(
    ({ id, kind }) => kind === "loop" && earlier.has(id),
  );
  const items = looped
    ? [
        { path: "item", what: "the entry of the list whose turn it is" },
        { path: "index", what: "0, 1, 2 … in a loop" },
      ]
    : [];
  return [...steps, ...items, ...general];
}

const FAILS = { error: "why it failed" };
