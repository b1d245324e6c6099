import type { WorkflowRunDetail, WorkflowStepOut } from "../../api/generated";
import type { Line } from "./graph";
import type { State } from "./words";

type Known = Pick<WorkflowRunDetail, "steps" | "trigger">;

/** Steps by the node; of a loop's steps their last turn. */
function latest(steps: readonly WorkflowStepOut[]) {
  const found = new Map<string, WorkflowStepOut>();
  for (const step of steps) {
    const known = found.get(step.node);
    if (!known || known.turn <= step.turn) found.set(step.node, step);
  }
  return found;
}

/** Where each step of a run is. */
export function statesOf({
  steps,
  trigger,
}: Known): ReadonlyMap<string, State> {
  const states = [...latest(steps)].map(
    ([node, { status }]): [string, State] => [node, status],
  );
  return new Map([[trigger, "succeeded"], ...states]);
}

/** Which lines the run has followed. */
export function takenBy({ steps, trigger }: Known): (line: Line) => boolean {
  const known = latest(steps);
  return ({ source, target, port }) => {
    const reached = known.get(target);
    if (!reached || reached.status === "skipped") return false;
    if (source === trigger) return true;
    const left = known.get(source);
    if (!left) return false;
    if (left.status === "failed") return port === "failed";
    if (port === "each") return left.status !== "due";
    return left.port === port;
  };
}
