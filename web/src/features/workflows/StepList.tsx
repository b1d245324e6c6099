import {
  Button,
  Group,
  Paper,
  Stack,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import type { WorkflowVocabulary } from "../../api/generated";
import { type Graph, inOrder, leadsTo, nameOf, portsOf, typeOf } from "./graph";
import { iconOf } from "./icons";
import classes from "./StepList.module.css";
import { portWords } from "./words";

interface Props {
  graph: Graph;
  vocabulary: WorkflowVocabulary;
  problems: ReadonlyMap<string, number>;
  selected: string | null;
  onSelect: (id: string) => void;
  /** none: it is only looked at */
  onAdd?: (id: string, port: string) => void;
}

/** The same graph as a list, from the triggers on: for keyboards, screen readers and phones. */
export function StepList(props: Props) {
  const { graph, vocabulary, problems, selected, onSelect, onAdd } = props;
  const names = new Map(
    graph.nodes.map((step) => [step.id, nameOf(step, vocabulary)]),
  );
  return (
    <ol className={classes.list} aria-label="Steps">
      {inOrder(graph).map((step) => {
        const Mark = iconOf(step);
        const wrong = problems.get(step.id) ?? 0;
        const kind = typeOf(step, vocabulary)?.title ?? step.type;
        const name = names.get(step.id) ?? step.id;
        return (
          <Paper
            key={step.id}
            withBorder
            component="li"
            p="xs"
            className={classes.step}
            data-selected={step.id === selected || undefined}
          >
            <UnstyledButton
              className={classes.name}
              aria-pressed={step.id === selected}
              onClick={() => onSelect(step.id)}
            >
              <Mark size={18} stroke={1.75} aria-hidden />
              <Text span size="sm" fw={600}>
                {name}
              </Text>
              {name !== kind && (
                <Text span size="xs" c="dimmed">
                  {kind}
                </Text>
              )}
              {wrong > 0 && (
                <Text span size="xs" className={classes.wrong}>
                  <IconAlertTriangle size={14} aria-hidden /> {wrong} to mend
                </Text>
              )}
            </UnstyledButton>
            <Stack gap={2} pl={26}>
              {portsOf(step, vocabulary, graph.edges).map((port) => {
                const targets = leadsTo(graph, step.id, port);
                if (targets.length === 0 && port === "failed") return null;
                return (
                  <Group key={port} gap={6} wrap="nowrap">
                    <Text size="xs" c="dimmed" flex="none">
                      {portWords(port)}
                    </Text>
                    {targets.length > 0 ? (
                      <Text size="xs">
                        {targets.map((id) => names.get(id) ?? id).join(", ")}
                      </Text>
                    ) : (
                      <Text size="xs" c="dimmed">
                        it ends here
                      </Text>
                    )}
                    {onAdd && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={`Add a step after ${name}: ${portWords(port)}`}
                        onClick={() => onAdd(step.id, port)}
                      >
                        <IconPlus size={14} />
                      </Button>
                    )}
                  </Group>
                );
              })}
            </Stack>
          </Paper>
        );
      })}
    </ol>
  );
}
