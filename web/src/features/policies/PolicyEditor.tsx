import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  createEscalationPolicy,
  type EscalationPolicy,
  putEscalationPolicy,
} from "../../api/generated";
import { explainQuery } from "../../api/queries";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { useSave } from "../../ui/use-save";
import { type Asked, NOW, questionOf } from "./asked";
import { Basics } from "./Basics";
import {
  bodyOf,
  type Draft,
  draftOf,
  MOST_STEPS,
  newDraft,
  newStep,
} from "./draft";
import classes from "./Editor.module.css";
import { MoreOfPolicy } from "./MoreOfPolicy";
import { Preview } from "./Preview";
import { isComplete, problemsOf, type StepProblems } from "./problems";
import { StepEditor } from "./StepEditor";
import { planOf, sentence } from "./words";

interface Props {
  /** the one to change; none: a new one */
  policy?: EscalationPolicy;
  /** whose a new one is, unless changed */
  teamId: string;
  onCancel: () => void;
  onSaved: (policy: EscalationPolicy) => unknown;
}

const WAIT_MS = 350;
const FIELDS = [
  "targets",
  "timeout",
  "only_hours",
  "wait_for",
  "acknowledgements",
] as const;

/** Whom to page in which order, and beside it what comes of that. */
export function PolicyEditor({ policy, teamId, onCancel, onSaved }: Props) {
  const form = useForm<Draft>({
    initialValues: policy ? draftOf(policy) : newDraft(teamId),
    validate: problemsOf,
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
    stale: [["policies"], ["services"], ["explain"]],
    onSaved,
  });
  const { steps } = form.values;
  const preview = usePreview(form.values, teamId);
  const findings = preview.answer?.stories[0]?.findings ?? [];
  const errorsOf = (at: number): StepProblems =>
    Object.fromEntries(
      FIELDS.flatMap((field) => {
        const error = form.errors[`steps.${at}.${field}`];
        return typeof error === "string" ? [[field, error]] : [];
      }),
    );

  return (
    <form onSubmit={form.onSubmit((draft) => save(draft))} noValidate>
      <div className={classes.editor}>
        <Stack gap="lg">
          <Basics form={form} />
          <Section title="Steps">
            <Stack component="ol" gap="sm" m={0} p={0}>
              {steps.map((step, at) => (
                <StepEditor
                  key={step.key}
                  step={step}
                  at={at}
                  count={steps.length}
                  errors={errorsOf(at)}
                  findings={findings.filter((one) => one.step === at)}
                  onChange={(next) => {
                    form.setFieldValue(`steps.${at}`, next);
                    for (const field of FIELDS)
                      form.clearFieldError(`steps.${at}.${field}`);
                  }}
                  onMove={(to) =>
                    form.reorderListItem("steps", { from: at, to })
                  }
                  onRemove={() => form.removeListItem("steps", at)}
                />
              ))}
            </Stack>
            <Group>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                disabled={steps.length >= MOST_STEPS}
                onClick={() => form.insertListItem("steps", newStep())}
              >
                Add a step
              </Button>
            </Group>
          </Section>
          <Section title="All steps">
            <MoreOfPolicy form={form} />
          </Section>
          <Paper withBorder p="sm" bg="var(--pf-hover)" aria-live="polite">
            <Text size="xs" c="dimmed">
              In words
            </Text>
            <Text>{sentence(planOf(form.values))}</Text>
          </Paper>
        </Stack>
        <div className={classes.preview}>
          <Section title="What this does">
            {preview.complete ? (
              <Preview {...preview} />
            ) : (
              <Paper withBorder p="md">
                <Text size="sm" c="dimmed">
                  Who is paged in which minute is shown here as soon as every
                  step pages somebody.
                </Text>
              </Paper>
            )}
          </Section>
        </div>
        <Stack gap="sm">
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
      </div>
    </form>
  );
}

/** What the draft would do, a moment after the last change. */
function usePreview(draft: Draft, teamId: string) {
  const [settled] = useDebouncedValue(draft, WAIT_MS);
  const [asked, onAsk] = useState<Asked>(NOW);
  const complete = isComplete(settled);
  const body = bodyOf(settled);
  const { data, error, isFetching } = useQuery({
    ...explainQuery({
      ...questionOf(asked),
      policy: {
        ...body,
        name: body.name || "New policy",
        team_id: body.team_id || teamId,
      },
    }),
    enabled: complete,
  });
  const answer = complete ? data : undefined;
  return { complete, asked, onAsk, answer, error, isFetching };
}
