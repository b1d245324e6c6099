import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  MarkerType,
  type NodeChange,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { ServiceMap } from "../../api/generated";
import { arranged } from "../../ui/arranged";
import flow from "../../ui/Flow.module.css";
import classes from "./Map.module.css";
import { MapNode, type MapNodeType } from "./MapNode";
import { spoken, tiesOf } from "./ties";

const KINDS = { service: MapNode };
const SIZE = { width: 200, height: 80 };

interface Props {
  map: ServiceMap;
  /** the service that the map is drawn around */
  middle?: string;
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
      markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18 },
      ...(burning && {
        style: { stroke: "var(--mantine-color-red-6)", strokeWidth: 2 },
      }),
    };
  });
}

function boxesOf(map: ServiceMap, middle: string | undefined): MapNodeType[] {
  const ties = tiesOf(map);
  const places = arranged(
    map.services,
    map.dependencies.map(({ service_id, depends_on_id }) => ({
      source: service_id,
      target: depends_on_id,
    })),
    SIZE,
  );
  return map.services.map((service) => ({
    id: service.id,
    type: "service",
    position: places.get(service.id) ?? { x: 0, y: 0 },
    ariaLabel: spoken(service, ties),
    data: { service, middle: service.id === middle },
  }));
}

/** Services as boxes: each to the left of what it depends on. */
export default function MapCanvas({ map, middle, onOpen }: Props) {
  const scheme = useComputedColorScheme();
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const [nodes, setNodes] = useState(() => boxesOf(map, middle));
  // React Flow keeps what it measured with the boxes
  useEffect(() => {
    setNodes((known) => {
      const old = new Map(known.map((node) => [node.id, node]));
      return boxesOf(map, middle).map((box) => ({
        ...old.get(box.id),
        ...box,
      }));
    });
  }, [map, middle]);
  const hear = (changes: NodeChange<MapNodeType>[]) =>
    setNodes((known) =>
      applyNodeChanges(
        changes.filter(({ type }) => type !== "remove"),
        known,
      ),
    );
  const open = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    const box =
      event.target instanceof Element &&
      event.target.closest(".react-flow__node");
    const id = box instanceof HTMLElement ? box.dataset.id : undefined;
    if (id) onOpen(id);
  };
  return (
    <div className={classes.frame}>
      <section
        className={flow.canvas}
        aria-label="Map of services"
        data-still
        onKeyDown={open}
      >
        <ReactFlow
          nodes={nodes}
          edges={linesOf(map)}
          nodeTypes={KINDS}
          colorMode={scheme}
          onNodesChange={hear}
          onNodeClick={(_, { id }) => onOpen(id)}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          minZoom={0.1}
          maxZoom={1.5}
          fitView
          fitViewOptions={{
            maxZoom: 1,
            minZoom: 0.3,
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
