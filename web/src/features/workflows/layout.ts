import { arranged as arrange } from "../../ui/arranged";
import { type Graph, moveSteps, WIDTH } from "./graph";

const HEIGHT = 96;

/** Every step to the right of those before it, lines crossing as little as can be. */
export function arranged(graph: Graph): Graph {
  const lines = graph.edges.map(({ source, target, port }) => ({
    source,
    target,
    name: port,
  }));
  return moveSteps(
    graph,
    arrange(graph.nodes, lines, { width: WIDTH, height: HEIGHT }),
  );
}

/** As it was drawn; arranged anew if a step was never placed. */
export function placed(graph: Graph): Graph {
  return graph.nodes.some(({ position }) => !position)
    ? arranged(graph)
    : graph;
}
