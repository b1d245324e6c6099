import { Graph as Drawing, layout } from "@dagrejs/dagre";
import { type Graph, moveSteps, type Place, WIDTH } from "./graph";

const HEIGHT = 96;

/** Every step to the right of those before it, lines crossing as little as can be. */
export function arranged(graph: Graph): Graph {
  const drawing = new Drawing({ multigraph: true });
  drawing.setGraph({ rankdir: "LR", nodesep: 40, ranksep: 80 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.nodes)
    drawing.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { source, target, port } of graph.edges)
    drawing.setEdge(source, target, {}, port);
  layout(drawing);
  const places = graph.nodes.map(({ id }): [string, Place] => {
    const { x, y } = drawing.node(id);
    return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
  });
  return moveSteps(graph, new Map(places));
}

/** As it was drawn; arranged anew if a step was never placed. */
export function placed(graph: Graph): Graph {
  return graph.nodes.some(({ position }) => !position)
    ? arranged(graph)
    : graph;
}
