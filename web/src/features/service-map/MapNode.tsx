import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { SERVICE_STATES } from "../../ui/service-states";
import classes from "./Map.module.css";
import type { Box } from "./ties";

export interface NodeData extends Record<string, unknown> {
  service: Box;
  /** it is what the map was asked for */
  middle: boolean;
}

export type MapNodeType = Node<NodeData, "service">;

/** A service on the map: its name, its team, how it is doing. */
export function MapNode(props: NodeProps<MapNodeType>) {
  const { data, selected, targetPosition, sourcePosition } = props;
  const { service, middle } = data;
  const { name, team, kind, tier, state, neighbour } = service;
  const look = SERVICE_STATES[state];
  return (
    <div
      className={classes.box}
      data-tone={look.tone}
      data-kind={kind}
      data-neighbour={neighbour || undefined}
      data-middle={middle || undefined}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={targetPosition ?? Position.Left} />
      <Text size="sm" fw={600} lineClamp={1} lh={1.3}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {[team.name, kind === "business" && "business", tier && `tier ${tier}`]
          .filter(Boolean)
          .join(" · ")}
      </Text>
      <Text size="xs" className={classes.state}>
        {service.hidden ? (
          <IconEyeOff size={14} aria-hidden />
        ) : (
          <>
            <look.icon size={14} aria-hidden /> {look.word}
          </>
        )}
      </Text>
      <Handle type="source" position={sourcePosition ?? Position.Right} />
    </div>
  );
}
