import { Button, Group, MultiSelect, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { WorkflowVocabulary } from "../../api/generated";
import {
  type Graph,
  leadOn,
  leadsTo,
  nameOf,
  portsOf,
  type Step,
  whyNot,
} from "./graph";
import { portWords } from "./words";

interface Props {
  graph: Graph;
  step: Step;
  vocabulary: WorkflowVocabulary;
  onChange: (graph: Graph) => void;
  /** choose what comes next by this way */
  onAdd: (port: string) => void;
}

/** Where a step leads: the lines of the canvas, without a mouse. */
export function WaysOut({ graph, step, vocabulary, onChange, onAdd }: Props) {
  return (
    <Stack gap="xs" role="group" aria-label="Where it leads">
      <Text size="sm" fw={600}>
        Where it leads
      </Text>
      {portsOf(step, vocabulary, graph.edges).map((port) => {
        const targets = leadsTo(graph, step.id, port);
        const possible = graph.nodes.filter(
          ({ id }) =>
            targets.includes(id) || whyNot(graph, step.id, id) === null,
        );
        return (
          <Group key={port} gap={6} align="end" wrap="nowrap">
            <MultiSelect
              flex={1}
              label={portWords(port)}
              data={possible.map((each) => ({
                value: each.id,
                label: labelOf(each, graph, vocabulary),
              }))}
              value={targets}
              placeholder={targets.length === 0 ? END[port] : undefined}
              searchable
              nothingFoundMessage="No step can follow"
              onChange={(next) => onChange(leadOn(graph, step.id, port, next))}
            />
            <Button
              variant="default"
              px={8}
              aria-label={`Add a step: ${portWords(port)}`}
              title="Add a step here"
              onClick={() => onAdd(port)}
            >
              <IconPlus size={16} />
            </Button>
          </Group>
        );
      })}
    </Stack>
  );
}

const END: Readonly<Record<string, string>> = {
  out: "It ends here",
  failed: "The run fails",
  each: "Nothing is done",
};

/** Two steps of one name are told apart by their ids. */
function labelOf(
  step: Step,
  graph: Graph,
  vocabulary: WorkflowVocabulary,
): string {
  const name = nameOf(step, vocabulary);
  const same = graph.nodes.some(
    (each) => each.id !== step.id && nameOf(each, vocabulary) === name,
  );
  return same ? `${name} (${step.id})` : name;
}
