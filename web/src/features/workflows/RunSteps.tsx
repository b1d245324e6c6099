import {
  Collapse,
  Group,
  Paper,
  Stack,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type {
  WorkflowRunDetail,
  WorkflowStepOut,
  WorkflowVocabulary,
} from "../../api/generated";
import { Ago, Countdown } from "../../ui/Ago";
import { Problem } from "../../ui/Problem";
import { StateLabel } from "../../ui/StateLabel";
import { graphOf, nameOf } from "./graph";
import { tookOf } from "./RunRow";
import { Shown } from "./Shown";
import classes from "./StepList.module.css";
import { portWords, STEPS } from "./words";

interface Props {
  run: WorkflowRunDetail;
  vocabulary: WorkflowVocabulary;
  /** chosen in the graph: opened here */
  selected: string | null;
}

/** Every step in the order in which it came, with what went in and out. */
export function RunSteps({ run, vocabulary, selected }: Props) {
  const { nodes } = graphOf(run.content);
  const came = run.steps.filter(({ status }) => status !== "skipped");
  if (came.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No step has begun yet.
      </Text>
    );
  return (
    <ol className={classes.list} aria-label="Steps of the run">
      {came.map((step) => {
        const node = nodes.find(({ id }) => id === step.node);
        return (
          <Paper key={step.id} withBorder component="li" px="sm" py={8}>
            <OneStep
              step={step}
              name={node ? nameOf(node, vocabulary) : step.node}
              chosen={step.node === selected}
            />
          </Paper>
        );
      })}
    </ol>
  );
}

interface StepProps {
  step: WorkflowStepOut;
  name: string;
  chosen: boolean;
}

function OneStep({ step, name, chosen }: StepProps) {
  const [opened, setOpened] = useState(chosen);
  useEffect(() => {
    if (chosen) setOpened(true);
  }, [chosen]);
  const { status, turn, attempts, port, due_at, error, answered_by } = step;
  const parts = [
    turn > 0 && `turn ${turn + 1}`,
    attempts > 1 && `${attempts} tries`,
    step.possible_duplicate && "may have been done twice",
    answered_by && `answered by ${answered_by}`,
    port && port !== "out" && `left by “${portWords(port)}”`,
    tookOf(step) && `took ${tookOf(step)}`,
  ].filter(Boolean);
  const waits = due_at && (status === "due" || status === "waiting");
  return (
    <>
      <UnstyledButton
        w="100%"
        mih={32}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Group gap="xs">
            <StateLabel {...STEPS[status]} />
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {parts.join(" · ")}
              {waits && (
                <>
                  {parts.length > 0 && " · "}
                  {status === "due" ? "in " : "at most "}
                  <Countdown at={due_at} />
                </>
              )}
            </Text>
          </Group>
          <IconChevronDown
            size={16}
            aria-hidden
            style={{ flex: "none", rotate: opened ? "180deg" : undefined }}
          />
        </Group>
      </UnstyledButton>
      {error && <Problem text={error} />}
      <Collapse expanded={opened}>
        <Stack gap="xs" pt="xs">
          {step.started_at && (
            <Text size="xs" c="dimmed">
              began <Ago at={step.started_at} />
            </Text>
          )}
          <Part title="What it sent" name={name} value={step.input} />
          <Part title="What came out" name={name} value={step.output} />
          {!hasSomething(step.input) && !hasSomething(step.output) && (
            <Text size="sm" c="dimmed">
              It was given nothing and put out nothing.
            </Text>
          )}
        </Stack>
      </Collapse>
    </>
  );
}

function hasSomething(value: unknown): boolean {
  if (typeof value !== "object" || value === null)
    return value !== null && value !== undefined && value !== "";
  return Object.keys(value).length > 0;
}

interface PartProps {
  title: string;
  name: string;
  value: unknown;
}

function Part({ title, name, value }: PartProps) {
  if (!hasSomething(value)) return null;
  return (
    <div>
      <Text size="xs" fw={600} mb={2}>
        {title}
      </Text>
      <Shown what={`${title}: ${name}`} value={value} />
    </div>
  );
}
