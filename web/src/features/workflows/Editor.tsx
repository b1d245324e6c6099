import { Drawer, Modal, Stack } from "@mantine/core";
import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import type {
  WorkflowNodeType,
  WorkflowProblem,
  WorkflowTriedStep,
  WorkflowVocabulary,
} from "../../api/generated";
import { Canvas } from "./Canvas";
import { countByStep } from "./checks";
import classes from "./Editor.module.css";
import { EditorTools } from "./EditorTools";
import {
  addStep,
  connect,
  disconnect,
  leadsTo,
  moveSteps,
  nameOf,
  portsOf,
  removeSteps,
  type Spot,
} from "./graph";
import { keyOf, Palette } from "./Palette";
import { StepList } from "./StepList";
import { StepPanel } from "./StepPanel";
import type { Editing } from "./use-graph";
import { WholePanel } from "./WholePanel";
import type { State } from "./words";

interface Props {
  editing: Editing;
  vocabulary: WorkflowVocabulary;
  problems: readonly WorkflowProblem[];
  teamId: string | null;
  mayEdit: boolean;
  /** of a dry run */
  tried: readonly WorkflowTriedStep[] | null;
}

/** The graph on a canvas or as a list, what it can be made of, and the step one looks at. */
export function Editor(props: Props) {
  const { editing, vocabulary, problems, mayEdit } = props;
  const { graph, selected, change, select } = editing;
  const small = useMediaQuery("(max-width: 61.99em)", undefined, {
    getInitialValueInEffect: false,
  });
  const [shape, setShape] = useState<"canvas" | "list">(
    small ? "list" : "canvas",
  );
  // where the next step goes, while one chooses it
  const [spot, setSpot] = useState<Spot | null>(null);
  const step = graph.nodes.find(({ id }) => id === selected);
  const end = step && endOf(props, step.id);
  const add = (type: WorkflowNodeType, at: Spot) => {
    const { kind, type: name } = type;
    const made = addStep(graph, { kind, type: name }, at);
    change(made.graph, null, made.id);
    setSpot(null);
  };
  useHotkeys([
    ["mod+Z", () => editing.undo()],
    ["mod+shift+Z", () => editing.redo()],
    ["mod+Y", () => editing.redo()],
    ["a", () => mayEdit && setSpot(end ? { from: end } : {})],
  ]);
  const counts = countByStep(problems);
  const panel = step ? (
    <StepPanel
      {...props}
      step={step}
      onAdd={(port) => setSpot({ from: { id: step.id, port } })}
    />
  ) : (
    <WholePanel {...props} />
  );
  return (
    <Stack gap="xs">
      <EditorTools
        editing={editing}
        shape={shape}
        mayEdit={mayEdit}
        onShape={setShape}
        onAdd={() => setSpot(end ? { from: end } : {})}
      />
      <div className={classes.editor} data-still={!mayEdit || undefined}>
        {mayEdit && !small && (
          <Palette
            vocabulary={vocabulary}
            after={step && nameOf(step, vocabulary)}
            onAdd={(type) => add(type, end ? { from: end } : {})}
          />
        )}
        {shape === "canvas" ? (
          <Canvas
            graph={graph}
            vocabulary={vocabulary}
            problems={counts}
            states={props.tried ? statesOf(props.tried) : undefined}
            selected={selected}
            onSelect={select}
            edit={
              mayEdit
                ? {
                    move: (places) => change(moveSteps(graph, places), "move"),
                    connect: (line) => change(connect(graph, line)),
                    remove: (steps, lines) =>
                      change(
                        removeSteps(lines.reduce(disconnect, graph), steps),
                      ),
                    drop: (key, place) => {
                      const type = vocabulary.nodes.find(
                        (each) => keyOf(each) === key,
                      );
                      if (type) add(type, { place });
                    },
                  }
                : undefined
            }
          />
        ) : (
          <div className={classes.list}>
            <StepList
              graph={graph}
              vocabulary={vocabulary}
              problems={counts}
              selected={selected}
              onSelect={select}
              onAdd={
                mayEdit
                  ? (id, port) => setSpot({ from: { id, port } })
                  : undefined
              }
            />
          </div>
        )}
        {!small && <aside className={classes.side}>{panel}</aside>}
        {small && !step && <WholePanel {...props} />}
      </div>
      {small && (
        <Drawer
          opened={step !== undefined}
          onClose={() => select(null)}
          position="bottom"
          size="85%"
          withCloseButton={false}
          title=""
        >
          {step && panel}
        </Drawer>
      )}
      <Modal
        opened={spot !== null}
        onClose={() => setSpot(null)}
        title="Add a step"
        fullScreen={small}
      >
        <div style={{ height: small ? "80dvh" : 460 }}>
          <Palette
            vocabulary={vocabulary}
            after={nameAt(props, spot)}
            onAdd={(type) => add(type, spot ?? {})}
          />
        </div>
      </Modal>
    </Stack>
  );
}

/** The way out that what is added next follows: the first that leads nowhere yet. */
function endOf({ editing, vocabulary }: Props, id: string) {
  const { graph } = editing;
  const step = graph.nodes.find((each) => each.id === id);
  if (!step) return undefined;
  const ports = portsOf(step, vocabulary);
  const port =
    ports.find((each) => leadsTo(graph, id, each).length === 0) ?? ports[0];
  return port === undefined || port === "failed"
    ? { id, port: ports[0] ?? "out" }
    : { id, port };
}

function nameAt({ editing, vocabulary }: Props, spot: Spot | null) {
  const step = editing.graph.nodes.find(({ id }) => id === spot?.from?.id);
  return step && nameOf(step, vocabulary);
}

/** What a dry run says of each step; of a loop's steps, their last turn. */
function statesOf(
  tried: readonly WorkflowTriedStep[],
): ReadonlyMap<string, State> {
  return new Map(tried.map(({ node, status }) => [node, status]));
}
