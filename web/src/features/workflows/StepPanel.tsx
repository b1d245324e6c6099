import {
  ActionIcon,
  Collapse,
  Group,
  NumberInput,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconTrash, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { WorkflowProblem, WorkflowVocabulary } from "../../api/generated";
import { Markdown } from "../../ui/Markdown";
import { Problem } from "../../ui/Problem";
import { errorsOf, withoutField } from "./checks";
import {
  changeStep,
  nameOf,
  removeSteps,
  renameStep,
  STEP_ID,
  type Step,
  typeOf,
} from "./graph";
import { StepForm } from "./StepForm";
import type { Editing } from "./use-graph";
import { variablesFor } from "./variables";
import { WaysOut } from "./WaysOut";

interface Props {
  editing: Editing;
  step: Step;
  vocabulary: WorkflowVocabulary;
  problems: readonly WorkflowProblem[];
  teamId: string | null;
  mayEdit: boolean;
  onAdd: (port: string) => void;
}

/** Everything about one step: its form, where it leads, how often it is tried. */
export function StepPanel(props: Props) {
  const { editing, step, vocabulary, problems, teamId, mayEdit } = props;
  const { graph, change, select } = editing;
  const type = typeOf(step, vocabulary);
  const mine = problems.filter(({ node }) => node === step.id);
  const set = (part: Partial<Omit<Step, "id">>, what: string) =>
    change(changeStep(graph, step.id, part), `${step.id} ${what}`);
  return (
    <Stack
      gap="sm"
      aria-label={`Step ${nameOf(step, vocabulary)}`}
      component="section"
    >
      <Group justify="space-between" wrap="nowrap" align="start">
        <div>
          <Title order={3}>{type?.title ?? step.type}</Title>
          <Text size="xs" c="dimmed">
            {type?.summary ?? "This version knows no such step."}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          {mayEdit && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={32}
              aria-label="Delete this step"
              onClick={() => change(removeSteps(graph, [step.id]), null, null)}
            >
              <IconTrash size={18} />
            </ActionIcon>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label="Close the step"
            onClick={() => select(null)}
          >
            <IconX size={18} />
          </ActionIcon>
        </Group>
      </Group>
      {withoutField(mine).map((detail) => (
        <Problem key={detail} text={detail} />
      ))}
      <TextInput
        label="What it is called here"
        placeholder={type?.title}
        maxLength={100}
        value={step.title}
        onChange={(event) => set({ title: event.currentTarget.value }, "title")}
      />
      {type && (
        <StepForm
          key={step.id}
          step={step}
          type={type}
          teamId={teamId}
          mayEdit={mayEdit}
          variables={variablesFor(graph, step.id, vocabulary)}
          errors={errorsOf(mine)}
          onChange={(config, field) => set({ config }, field)}
        />
      )}
      <WaysOut
        graph={graph}
        step={step}
        vocabulary={vocabulary}
        onChange={(next) => change(next)}
        onAdd={props.onAdd}
      />
      <More key={`more ${step.id}`} {...props} readme={type?.readme ?? ""} />
    </Stack>
  );
}

function More({ editing, step, readme }: Props & { readme: string }) {
  const [opened, { toggle }] = useDisclosure();
  const [id, setId] = useState(step.id);
  const { graph, change } = editing;
  const taken = id !== step.id && graph.nodes.some((each) => each.id === id);
  const wrong = taken
    ? "Another step has this id"
    : STEP_ID.test(id)
      ? undefined
      : "Small letters, digits and _, beginning with a letter";
  const set = (part: Partial<Omit<Step, "id">>, what: string) =>
    change(changeStep(graph, step.id, part), `${step.id} ${what}`);
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={opened}>
        <Group gap={4}>
          <IconChevronDown
            size={16}
            aria-hidden
            style={{ rotate: opened ? "180deg" : undefined }}
          />
          <Text size="sm" fw={600}>
            More of this step
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={opened}>
        <Stack gap="sm" pt="sm">
          <TextInput
            label="Its id in templates"
            description={`{{steps.${step.id}.…}}; what speaks of it follows`}
            value={id}
            error={wrong}
            maxLength={40}
            onChange={(event) => setId(event.currentTarget.value)}
            onBlur={() => {
              if (!wrong && id !== step.id)
                change(renameStep(graph, step.id, id), null, id);
            }}
          />
          {step.kind === "action" && (
            <Group grow align="start">
              <NumberInput
                label="Tried again"
                description="times, if it fails"
                min={0}
                max={10}
                value={step.retries}
                onChange={(retries) =>
                  typeof retries === "number" && set({ retries }, "retries")
                }
              />
              <NumberInput
                label="Time-out"
                description="seconds of a try"
                min={1}
                max={60}
                value={step.timeout_s}
                onChange={(timeout_s) =>
                  typeof timeout_s === "number" &&
                  set({ timeout_s }, "timeout_s")
                }
              />
            </Group>
          )}
          {readme && <Markdown text={readme} />}
        </Stack>
      </Collapse>
    </div>
  );
}
