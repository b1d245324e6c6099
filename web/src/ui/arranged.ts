import { Graph, layout } from "@dagrejs/dagre";

interface Box {
  id: string;
}

interface Line {
  source: string;
  target: string;
  /** tells lines apart that join the same boxes */
  name?: string;
}

interface Size {
  width: number;
  height: number;
}

export interface Spot {
  x: number;
  y: number;
}

/** The upper left corner of every box, after those before it, lines crossing as little as can be. */
export function arranged(
  boxes: readonly Box[],
  lines: readonly Line[],
  { width, height }: Size,
  direction: "LR" | "TB" = "LR",
): Map<string, Spot> {
  const drawing = new Graph({ multigraph: true });
  drawing.setGraph({ rankdir: direction, nodesep: 40, ranksep: 80 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const { id } of boxes) drawing.setNode(id, { width, height });
  for (const { source, target, name } of lines)
    drawing.setEdge(source, target, {}, name);
  layout(drawing);
  return new Map(
    boxes.map(({ id }): [string, Spot] => {
      const { x, y } = drawing.node(id);
      return [id, { x: x - width / 2, y: y - height / 2 }];
    }),
  );
}
