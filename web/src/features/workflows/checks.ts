import type { WorkflowProblem } from "../../api/generated";
import type { Graph, Step } from "./graph";

/** How much is to be mended at each step. */
export function countByStep(
  problems: readonly WorkflowProblem[],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { node } of problems)
    if (node) found.set(node, (found.get(node) ?? 0) + 1);
  return found;
}

function sentence(text: string): string {
  const plain = text.replace(/^Value error, /, "");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** What is wrong with each field of a step. */
export function errorsOf(
  problems: readonly WorkflowProblem[],
): Record<string, string> {
  const found: Record<string, string[]> = {};
  for (const { field, detail } of problems)
    if (field) found[field] = [...(found[field] ?? []), sentence(detail)];
  return Object.fromEntries(
    Object.entries(found).map(([field, texts]) => [field, texts.join("; ")]),
  );
}

/** What is wrong with a step as a whole. */
export function withoutField(problems: readonly WorkflowProblem[]): string[] {
  return problems.flatMap(({ field, detail }) =>
    field ? [] : [sentence(detail)],
  );
}

/** What is wrong with the workflow as a whole. */
export function ofTheWhole(problems: readonly WorkflowProblem[]): string[] {
  return problems.flatMap(({ node, field, detail }) =>
    node || field ? [] : [sentence(detail)],
  );
}

/** The steps at which something is wrong, in the order of the graph. */
export function stepsWith(
  problems: readonly WorkflowProblem[],
  graph: Graph,
): { step: Step; details: string[] }[] {
  return graph.nodes.flatMap((step) => {
    const mine = problems.filter(({ node }) => node === step.id);
    const details = mine.map(({ field, detail }) =>
      field ? `${field.replaceAll("_", " ")}: ${detail}` : sentence(detail),
    );
    return details.length > 0 ? [{ step, details }] : [];
  });
}
