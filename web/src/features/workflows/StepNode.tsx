import { Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import classes from "./Canvas.module.css";
import type { Step } from "./graph";
import { iconOf } from "./icons";
import { portWords, STEPS, type State } from "./words";

export interface StepData extends Record<string, unknown> {
  step: Step;
  /** what people call it, and what it is */
  name: string;
  kindName: string;
  ports: string[];
  /** ways out that lead on */
  used: string[];
  problems: number;
  state?: State;
  /** how often it failed lately */
  failures?: number;
}

export type StepNodeType = Node<StepData, "step">;

/** A box of the canvas: what it is, what is wrong with it, its ways out. */
export function StepNode({ data, selected }: NodeProps<StepNodeType>) {
  const { step, name, kindName, problems, state, failures } = data;
  const Mark = iconOf(step);
  const look = state && STEPS[state];
  const plain = data.ports.length === 1 && data.ports[0] === "out";
  return (
    <div
      className={classes.step}
      data-kind={step.kind}
      data-selected={selected || undefined}
      data-tone={look?.tone}
      data-faint={state === "skipped" || undefined}
    >
      {step.kind !== "trigger" && (
        <Handle type="target" position={Position.Left} />
      )}
      <div className={classes.head}>
        <Mark size={18} stroke={1.75} aria-hidden className={classes.icon} />
        <div className={classes.words}>
          <Text size="sm" fw={600} lineClamp={2} lh={1.3}>
            {name}
          </Text>
          {name !== kindName && (
            <Text size="xs" c="dimmed" truncate>
              {kindName}
            </Text>
          )}
        </div>
        {problems > 0 && (
          <span className={classes.problem}>
            <IconAlertTriangle size={16} aria-hidden />
            <Text span size="xs" fw={600}>
              {problems}
            </Text>
          </span>
        )}
      </div>
      {look && (
        <Text size="xs" className={classes.state}>
          <look.icon size={13} aria-hidden /> {look.word}
        </Text>
      )}
      {failures ? (
        <Text size="xs" className={classes.state} data-failures>
          failed {failures === 1 ? "once" : `${failures} times`}
        </Text>
      ) : null}
      {plain ? (
        <Handle type="source" position={Position.Right} id="out" />
      ) : (
        <div className={classes.ports}>
          {data.ports.map((port) => (
            <div
              key={port}
              className={classes.port}
              data-used={data.used.includes(port) || undefined}
              data-failed={port === "failed" || undefined}
            >
              {portWords(port)}
              <Handle type="source" position={Position.Right} id={port} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
