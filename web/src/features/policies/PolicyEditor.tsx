import {
  Button,
  Group,
  NumberInput,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import {
  createEscalationPolicy,
  type EscalationPolicy,
  putEscalationPolicy,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import {
  bodyOf,
  type Draft,
  draftOf,
  MOST_REPEATS,
  MOST_STEPS,
  newStep,
  planOf,
  sentence,
  stepProblem,
} from "./draft";
import { StepEditor } from "./StepEditor";

interface Props {
  /** the one to change; none: a new one */
  policy?: EscalationPolicy;
  /** whose a new one is, unless changed */
  teamId: string;
  onCancel: () => void;
  onSaved: (policy: EscalationPolicy) => unknown;
}

/** Whom to page in which order, and how long each has. */
export function PolicyEditor({ policy, teamId, onCancel, onSaved }: Props) {
  const teams = useEditableTeams();
  const form = useForm<Draft>({
    initialValues: policy
      ? draftOf(policy)
      : {
          name: "",
          team_id: teamId,
          repeats: 1,
          steps: [newStep()],
        },
    validate: {
      name: (name) => (name.trim() ? null : "A policy needs a name"),
      team_id: (id) => (id ? null : "Choose the team that keeps it"),
      repeats: (repeats) => (repeats === "" ? "Say how often" : null),
      steps: {
        targets: (_targets, draft, path) => {
          const step = draft.steps[Number(path.split(".")[1])];
          return step ? stepProblem(step) : null;
        },
      },
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      policy
        ? putEscalationPolicy({
            path: { policy_id: policy.id },
            body: bodyOf(draft),
          })
        : createEscalationPolicy({ body: bodyOf(draft) }),
    stale: [["policies"], ["services"]],
    onSaved,
  });
  const { steps } = form.values;
  const problemOf = (at: number) => {
    const error = form.errors[`steps.${at}.targets`];
    return typeof error === "string" ? error : undefined;
  };

  return (
    <form onSubmit={form.onSubmit((draft) => save(draft))}>
      <Stack gap="lg" maw={720}>
        <Group align="start" grow preventGrowOverflow={false}>
          <TextInput
            label="Name"
            placeholder="Checkout, day and night"
            maxLength={100}
            withAsterisk
            style={{ flexBasis: 220 }}
            {...form.getInputProps("name")}
          />
          <Select
            label="Team"
            data={teams.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            allowDeselect={false}
            withAsterisk
            style={{ flexBasis: 220 }}
            {...form.getInputProps("team_id")}
          />
        </Group>
        <Section title="Steps">
          <Stack component="ol" gap="sm" m={0} p={0}>
            {steps.map((step, at) => (
              <StepEditor
                key={step.key}
                step={step}
                at={at}
                count={steps.length}
                error={problemOf(at)}
                onChange={(next) => {
                  form.setFieldValue(`steps.${at}`, next);
                  form.clearFieldError(`steps.${at}.targets`);
                }}
                onMove={(to) => form.reorderListItem("steps", { from: at, to })}
                onRemove={() => form.removeListItem("steps", at)}
              />
            ))}
          </Stack>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={steps.length >= MOST_STEPS}
            onClick={() => form.insertListItem("steps", newStep())}
          >
            Add a step
          </Button>
          <NumberInput
            label="Repeats"
            description="If nobody acknowledges, all steps begin again this many times"
            min={0}
            max={MOST_REPEATS}
            allowDecimal={false}
            maw={320}
            {...form.getInputProps("repeats")}
          />
        </Section>
        <Paper withBorder p="sm" bg="var(--pf-hover)" aria-live="polite">
          <Text size="xs" c="dimmed">
            In words
          </Text>
          <Text>{sentence(planOf(form.values))}</Text>
        </Paper>
        <Problem text={problem} />
        <Group>
          <Button type="submit" loading={isPending}>
            {policy ? "Save the policy" : "Add the policy"}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
