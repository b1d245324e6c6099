import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  MarkerType,
  type NodeChange,
  Position,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { ServiceMap } from "../../api/generated";
import { arranged } from "../../ui/arranged";
import flow from "../../ui/Flow.module.css";
import classes from "./Map.module.css";
import { MapNode, type MapNodeType } from "./MapNode";
import { boxesOf, spoken, tiesOf } from "./ties";

const KINDS = { service: MapNode };
const BURNING = "var(--mantine-color-red-6)";
const SIZE = { width: 200, height: 80 };

interface Props {
  map: ServiceMap;
  /** the service that the map is drawn around */
  middle?: string;
  /** from above to below, as on a phone */
  tall: boolean;
  onOpen: (serviceId: string) => void;
}

function linesOf({ dependencies, services }: ServiceMap): Edge[] {
  const state = new Map(services.map((each) => [each.id, each.state]));
  return dependencies.map(({ service_id, depends_on_id }) => {
    const burning = state.get(depends_on_id) === "triggered";
    return {
      id: `${service_id} ${depends_on_id}`,
      source: service_id,
      target: depends_on_id,
      markerEnd: {
        type: MarkerType.ArrowClosed,
        width: burning ? 12 : 18,
        height: burning ? 12 : 18,
        ...(burning && { color: BURNING }),
      },
      ...(burning && { style: { stroke: BURNING, strokeWidth: 2 } }),
    };
  });
}

function nodesOf(
  map: ServiceMap,
  middle: string | undefined,
  tall: boolean,
): MapNodeType[] {
  const ties = tiesOf(map);
  const boxes = boxesOf(map);
  const places = arranged(
    boxes,
    map.dependencies.map(({ service_id, depends_on_id }) => ({
      source: service_id,
      target: depends_on_id,
    })),
    SIZE,
    tall ? "TB" : "LR",
  );
  return boxes.map((service) => ({
    id: service.id,
    type: "service",
    position: places.get(service.id) ?? { x: 0, y: 0 },
    targetPosition: tall ? Position.Top : Position.Left,
    sourcePosition: tall ? Position.Bottom : Position.Right,
    ariaLabel: spoken(service, ties),
    data: { service, middle: service.id === middle },
  }));
}

/** Services as boxes: each before what it depends on. */
export default function MapCanvas({ map, middle, tall, onOpen }: Props) {
  const scheme = useComputedColorScheme();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const [nodes, setNodes] = useState(() => nodesOf(map, middle, tall));
  // React Flow keeps what it measured with the boxes
  useEffect(() => {
    setNodes((known) => {
      const old = new Map(known.map((node) => [node.id, node]));
      return nodesOf(map, middle, tall).map((box) => ({
        ...old.get(box.id),
        ...box,
      }));
    });
  }, [map, middle, tall]);
  const hear = (changes: NodeChange<MapNodeType>[]) =>
    setNodes((known) =>
      applyNodeChanges(
        changes.filter(({ type }) => type !== "remove"),
        known,
      ),
    );
  const open = (id: string) => {
    if (id !== map.hidden_id) onOpen(id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    const box =
      event.target instanceof Element &&
      event.target.closest(".react-flow__node");
    const id = box instanceof HTMLElement ? box.dataset.id : undefined;
    if (id) open(id);
  };
  return (
    <div className={classes.frame}>
      <section
        className={flow.canvas}
        aria-label="Map of services"
        data-still
        onKeyDown={press}
      >
        <ReactFlow
          nodes={nodes}
          edges={linesOf(map)}
          nodeTypes={KINDS}
          colorMode={scheme}
          onNodesChange={hear}
          onNodeClick={(_, { id }) => open(id)}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          minZoom={0.1}
          maxZoom={1.5}
          fitView
          fitViewOptions={{
            maxZoom: 1,
            // on a phone: part of it, to be read, rather than all of it
            minZoom: tall ? 0.55 : 0.3,
            padding: 0.08,
            duration: still ? 0 : 150,
          }}
          onlyRenderVisibleElements={map.services.length > 100}
          preventScrolling={false}
          zoomOnScroll={false}
          panOnScroll={false}
          deleteKeyCode={null}
        >
          <Background gap={20} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </section>
    </div>
  );
}
