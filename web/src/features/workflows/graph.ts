import type {
  NodeKind,
  WorkflowContent,
  WorkflowNodeType,
  WorkflowVocabulary,
} from "../../api/generated";

export interface Place {
  x: number;
  y: number;
}

/** One box of a workflow. */
export interface Step {
  id: string;
  kind: NodeKind;
  type: string;
  title: string;
  config: { [name: string]: unknown };
  retries: number;
  timeout_s: number;
  position: Place | null;
}

/** From a way out of one step to another step. */
export interface Line {
  source: string;
  target: string;
  port: string;
}

export interface Graph {
  nodes: Step[];
  edges: Line[];
  concurrency_key: string;
  when_busy: "queue" | "skip";
}

export const EMPTY: Graph = {
  nodes: [],
  edges: [],
  concurrency_key: "",
  when_busy: "queue",
};
export const WIDTH = 220;
export const COLUMN = 300;
export const ROW = 140;
const LONGEST_ID = 36;
export const STEP_ID = /^[a-z][a-z0-9_]{0,39}$/;

export function graphOf(content: WorkflowContent): Graph {
  return {
    nodes: (content.nodes ?? []).map((node) => ({
      type: "",
      title: "",
      retries: 4,
      timeout_s: 20,
      ...node,
      config: node.config ?? {},
      position: node.position ?? null,
    })),
    edges: (content.edges ?? []).map(({ source, target, port = "out" }) => ({
      source,
      target,
      port,
    })),
    concurrency_key: content.concurrency_key ?? "",
    when_busy: content.when_busy ?? "queue",
  };
}

// -- kinds of steps -----------------------------------------------------------------

export function typeOf(
  step: Pick<Step, "kind" | "type">,
  vocabulary: WorkflowVocabulary,
): WorkflowNodeType | undefined {
  return vocabulary.nodes.find(
    ({ kind, type }) => kind === step.kind && type === step.type,
  );
}

export function nameOf(step: Step, vocabulary: WorkflowVocabulary): string {
  return step.title || typeOf(step, vocabulary)?.title || step.id;
}

/** The ways out, also of a kind that is not known any more. */
export function portsOf(
  step: Step,
  vocabulary: WorkflowVocabulary,
  edges: readonly Line[] = [],
): string[] {
  const known = typeOf(step, vocabulary)?.ports ?? ["out"];
  const used = edges.flatMap(({ source, port }) =>
    source === step.id ? [port] : [],
  );
  return [...new Set([...known, ...used])];
}

export function leadsTo(graph: Graph, id: string, port: string): string[] {
  return graph.edges.flatMap((edge) =>
    edge.source === id && edge.port === port ? [edge.target] : [],
  );
}

// -- what comes before and after --------------------------------------------------------

function walk(
  edges: readonly Line[],
  from: string,
  way: "source" | "target",
): Set<string> {
  const back = way === "source" ? "target" : "source";
  const found = new Set<string>();
  const left = [from];
  for (let at = left.pop(); at !== undefined; at = left.pop())
    for (const edge of edges)
      if (edge[back] === at && !found.has(edge[way])) {
        found.add(edge[way]);
        left.push(edge[way]);
      }
  return found;
}

/** The steps that come before, on some way. */
export function before(graph: Graph, id: string): Set<string> {
  return walk(graph.edges, id, "source");
}

/** The steps that come after, on some way. */
export function after(graph: Graph, id: string): Set<string> {
  return walk(graph.edges, id, "target");
}

/** As one would tell it: triggers first, then each step once all before it were told. */
export function inOrder(graph: Graph): Step[] {
  const told = new Set<string>();
  const found: Step[] = [];
  const ready = (step: Step) =>
    graph.edges.every(({ source, target }) =>
      target === step.id ? told.has(source) : true,
    );
  const left = [...graph.nodes];
  while (left.length > 0) {
    const at = left.findIndex(ready);
    // a circle is told as it comes
    const [step] = left.splice(Math.max(0, at), 1);
    if (!step) break;
    told.add(step.id);
    found.push(step);
  }
  return found;
}

/** Why there can be no line from here to there; null: there can. */
export function whyNot(
  graph: Graph,
  source: string,
  target: string,
): string | null {
  if (source === target) return "A step cannot lead to itself";
  const end = graph.nodes.find(({ id }) => id === target);
  if (!end) return "There is no such step";
  if (end.kind === "trigger") return "Nothing can lead to a trigger";
  if (before(graph, source).has(target))
    return "It comes before this step: that would go round in circles";
  return null;
}

// -- changes ----------------------------------------------------------------------------

function newId(graph: Graph, type: Pick<Step, "kind" | "type">): string {
  const stem = (type.type || type.kind).slice(0, LONGEST_ID);
  const taken = new Set(graph.nodes.map(({ id }) => id));
  if (!taken.has(stem)) return stem;
  for (let number = 2; ; number++)
    if (!taken.has(`${stem}_${number}`)) return `${stem}_${number}`;
}

function free(graph: Graph, wanted: Place): Place {
  const taken = ({ x, y }: Place) =>
    graph.nodes.some(
      ({ position }) =>
        position &&
        Math.abs(position.x - x) < WIDTH &&
        Math.abs(position.y - y) < ROW - 20,
    );
  const place = { ...wanted };
  while (taken(place)) place.y += ROW;
  return place;
}

export interface Spot {
  /** on the canvas; none: beside the step before it, or below all */
  place?: Place;
  /** the step before it, and by which way out */
  from?: { id: string; port: string };
}

/** A new step; between two others where a line led on from there already. */
export function addStep(
  graph: Graph,
  type: Pick<Step, "kind" | "type">,
  { place, from }: Spot = {},
): { graph: Graph; id: string } {
  const id = newId(graph, type);
  const source = graph.nodes.find((step) => step.id === from?.id);
  const next =
    from && type.kind !== "trigger" ? leadsTo(graph, from.id, from.port) : [];
  const room = next.length > 0 && source ? shifted(graph, source, next) : graph;
  const step: Step = {
    ...type,
    id,
    title: "",
    config: {},
    retries: 4,
    timeout_s: 20,
    position: free(room, place ?? besides(room, source)),
  };
  const added = { ...room, nodes: [...room.nodes, step] };
  if (!from || !source || type.kind === "trigger") return { graph: added, id };
  const out = FIRST_WAY[type.kind] ?? "out";
  const kept = added.edges.filter(
    (edge) => !(edge.source === from.id && edge.port === from.port),
  );
  const edges = [
    ...kept,
    { source: from.id, target: id, port: from.port },
    ...next.map((target) => ({ source: id, target, port: out })),
  ];
  return { graph: { ...added, edges }, id };
}

const FIRST_WAY: Partial<Record<NodeKind, string>> = {
  condition: "yes",
  loop: "done",
};

function besides(graph: Graph, source: Step | undefined): Place {
  if (source?.position)
    return { x: source.position.x + COLUMN, y: source.position.y };
  const lowest = graph.nodes.map(({ position }) => position?.y ?? 0);
  return { x: 0, y: lowest.length > 0 ? Math.max(...lowest) + ROW : 0 };
}

/** Everything that follows makes room for one more. */
function shifted(graph: Graph, source: Step, next: readonly string[]): Graph {
  const moved = new Set(next.flatMap((id) => [id, ...after(graph, id)]));
  const near = graph.nodes.some(
    ({ id, position }) =>
      next.includes(id) &&
      position &&
      source.position &&
      position.x - source.position.x < 2 * COLUMN,
  );
  if (!near) return graph;
  return {
    ...graph,
    nodes: graph.nodes.map((step) =>
      moved.has(step.id) && step.position
        ? {
            ...step,
            position: { ...step.position, x: step.position.x + COLUMN },
          }
        : step,
    ),
  };
}

export function connect(graph: Graph, line: Line): Graph {
  const there = graph.edges.some((edge) => isSame(edge, line));
  if (there || whyNot(graph, line.source, line.target)) return graph;
  return { ...graph, edges: [...graph.edges, line] };
}

export function disconnect(graph: Graph, line: Line): Graph {
  return {
    ...graph,
    edges: graph.edges.filter((edge) => !isSame(edge, line)),
  };
}

function isSame(one: Line, other: Line): boolean {
  return (
    one.source === other.source &&
    one.target === other.target &&
    one.port === other.port
  );
}

/** Let a way out lead to exactly these steps. */
export function leadOn(
  graph: Graph,
  id: string,
  port: string,
  targets: readonly string[],
): Graph {
  const gone = leadsTo(graph, id, port).filter((t) => !targets.includes(t));
  const cut = gone.reduce(
    (left, target) => disconnect(left, { source: id, target, port }),
    graph,
  );
  return targets.reduce(
    (made, target) => connect(made, { source: id, target, port }),
    cut,
  );
}

export function removeSteps(graph: Graph, ids: readonly string[]): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => !ids.includes(id)),
    edges: graph.edges.filter(
      ({ source, target }) => !ids.includes(source) && !ids.includes(target),
    ),
  };
}

export function changeStep(
  graph: Graph,
  id: string,
  part: Partial<Omit<Step, "id">>,
): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((step) =>
      step.id === id ? { ...step, ...part } : step,
    ),
  };
}

export function moveSteps(
  graph: Graph,
  places: ReadonlyMap<string, Place>,
): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((step) => {
      const place = places.get(step.id);
      return place
        ? {
            ...step,
            position: { x: Math.round(place.x), y: Math.round(place.y) },
          }
        : step;
    }),
  };
}

/** Another id; whatever speaks of the step by its old one follows. */
export function renameStep(graph: Graph, from: string, to: string): Graph {
  if (!STEP_ID.test(to) || graph.nodes.some(({ id }) => id === to))
    return graph;
  const mention = new RegExp(`\\bsteps\\.${from}(?![a-z0-9_])`, "g");
  const end = (id: string) => (id === from ? to : id);
  return {
    ...graph,
    nodes: graph.nodes.map((step) => ({
      ...step,
      id: end(step.id),
      config: reworded(step.config, mention, `steps.${to}`) as Step["config"],
    })),
    edges: graph.edges.map((edge) => ({
      ...edge,
      source: end(edge.source),
      target: end(edge.target),
    })),
  };
}

function reworded(value: unknown, old: RegExp, words: string): unknown {
  if (typeof value === "string") return value.replace(old, words);
  if (Array.isArray(value))
    return value.map((one) => reworded(one, old, words));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      reworded(one, old, words),
    ]),
  );
}
