import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  type Connection,
  Controls,
  type Edge,
  MarkerType,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type DragEvent, useEffect, useState } from "react";
import type { WorkflowVocabulary } from "../../api/generated";
import classes from "../../ui/Flow.module.css";
import { DRAGGED } from "./drag";
import {
  type Graph,
  type Line,
  leadsTo,
  nameOf,
  type Place,
  portsOf,
  type Step,
  typeOf,
  whyNot,
} from "./graph";
import { StepNode, type StepNodeType } from "./StepNode";
import { portWords, type State } from "./words";

const KINDS = { step: StepNode };

export interface Overlay {
  /** by step */
  states?: ReadonlyMap<string, State>;
  failures?: ReadonlyMap<string, number>;
  /** lines that a run has followed */
  taken?: (line: Line) => boolean;
}

interface Props extends Overlay {
  graph: Graph;
  vocabulary: WorkflowVocabulary;
  /** how many problems each step has */
  problems?: ReadonlyMap<string, number>;
  selected: string | null;
  onSelect: (id: string | null) => void;
  /** none: it is only looked at */
  edit?: {
    move: (places: ReadonlyMap<string, Place>) => void;
    connect: (line: Line) => void;
    remove: (steps: string[], lines: Line[]) => void;
    drop: (key: string, place: Place) => void;
  };
}

/** The graph as boxes and lines. */
export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function boxes(props: Props): StepNodeType[] {
  const { graph, vocabulary, problems, selected, states, failures } = props;
  return graph.nodes.map((step) => {
    const name = nameOf(step, vocabulary);
    const ports = portsOf(step, vocabulary, graph.edges);
    const count = problems?.get(step.id) ?? 0;
    return {
      id: step.id,
      type: "step",
      position: step.position ?? { x: 0, y: 0 },
      selected: step.id === selected,
      ariaLabel: spoken(step, graph, vocabulary, count),
      data: {
        step,
        name,
        kindName: typeOf(step, vocabulary)?.title ?? step.type,
        ports,
        used: ports.filter((port) => leadsTo(graph, step.id, port).length > 0),
        problems: count,
        state: states?.get(step.id),
        failures: failures?.get(step.id),
      },
    };
  });
}

function spoken(
  step: Step,
  graph: Graph,
  vocabulary: WorkflowVocabulary,
  problems: number,
): string {
  const ways = portsOf(step, vocabulary, graph.edges).flatMap((port) =>
    leadsTo(graph, step.id, port).map((target) => {
      const end = graph.nodes.find(({ id }) => id === target);
      return `${portWords(port)} ${end ? nameOf(end, vocabulary) : target}`;
    }),
  );
  const wrong = problems > 0 ? [`${problems} to mend`] : [];
  return [nameOf(step, vocabulary), ...wrong, ...ways].join(", ");
}

function lines({ graph, taken }: Props): Edge[] {
  return graph.edges.map((line) => {
    const { source, target, port } = line;
    const followed = taken?.(line) ?? false;
    return {
      id: `${source} ${port} ${target}`,
      source,
      target,
      sourceHandle: port,
      markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18 },
      ...(taken && {
        style: followed ? { strokeWidth: 2.5 } : { strokeDasharray: "4 4" },
      }),
      data: { line },
    };
  });
}

function lineOf(edge: Edge): Line {
  return {
    source: edge.source,
    target: edge.target,
    port: edge.sourceHandle ?? "out",
  };
}

function Flow(props: Props) {
  const { graph, edit, onSelect } = props;
  const scheme = useComputedColorScheme();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const { screenToFlowPosition } = useReactFlow();
  const wanted = boxes(props);
  const [nodes, setNodes] = useState(wanted);
  // React Flow keeps what it measured with the boxes
  useEffect(() => {
    setNodes((known) =>
      wanted.map((box) => ({
        ...known.find(({ id }) => id === box.id),
        ...box,
      })),
    );
  }, [graph, props.selected, props.problems, props.states, props.failures]);
  const [edges, setEdges] = useState(() => lines(props));
  useEffect(() => setEdges(lines(props)), [graph, props.taken]);
  const hear = (changes: NodeChange<StepNodeType>[]) => {
    setNodes((known) =>
      applyNodeChanges(
        changes.filter(({ type }) => type !== "remove" && type !== "select"),
        known,
      ),
    );
    const chosen = changes.findLast(
      (change) => change.type === "select" && change.selected,
    );
    if (chosen?.type === "select") onSelect(chosen.id);
    else if (changes.some(({ type }) => type === "select")) onSelect(null);
    const moved = changes.flatMap((change): [string, Place][] =>
      change.type === "position" && change.position && !change.dragging
        ? [[change.id, change.position]]
        : [],
    );
    if (moved.length > 0) edit?.move(new Map(moved));
  };
  const drop = (event: DragEvent) => {
    const key = event.dataTransfer.getData(DRAGGED);
    if (!key || !edit) return;
    event.preventDefault();
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    edit.drop(key, { x: at.x - 110, y: at.y - 24 });
  };
  return (
    <section
      className={classes.canvas}
      aria-label="Canvas"
      data-still={!edit || undefined}
      onDragOver={(event) => edit && event.preventDefault()}
      onDrop={drop}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={KINDS}
        colorMode={scheme}
        onNodesChange={hear}
        onEdgesChange={(changes) =>
          setEdges((known) =>
            applyEdgeChanges(
              changes.filter(({ type }) => type === "select"),
              known,
            ),
          )
        }
        onPaneClick={() => onSelect(null)}
        onConnect={({ source, target, sourceHandle }: Connection) =>
          edit?.connect({ source, target, port: sourceHandle ?? "out" })
        }
        isValidConnection={({ source, target }) =>
          whyNot(graph, source, target) === null
        }
        onDelete={({ nodes: gone, edges: cut }) =>
          edit?.remove(
            gone.map(({ id }) => id),
            cut.map(lineOf),
          )
        }
        deleteKeyCode={edit ? ["Delete", "Backspace"] : null}
        nodesDraggable={edit !== undefined}
        nodesConnectable={edit !== undefined}
        edgesFocusable={edit !== undefined}
        snapToGrid
        snapGrid={[20, 20]}
        minZoom={0.2}
        maxZoom={1.5}
        fitView
        fitViewOptions={{
          maxZoom: 1,
          minZoom: 0.55,
          padding: 0.1,
          duration: still ? 0 : 150,
        }}
        preventScrolling={false}
        zoomOnScroll={false}
        panOnScroll={false}
        proOptions={{ hideAttribution: false }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}
