import { Group, NumberInput, Paper, Select, Stack, Text } from "@mantine/core";
import { MoveButtons } from "../../ui/MoveButtons";
import { type DraftStep, type Target, UNITS } from "./draft";
import { TargetPicker } from "./TargetPicker";
import { TargetPill } from "./TargetPill";

const UNIT_NAMES = { s: "seconds", min: "minutes", h: "hours" };

interface Props {
  step: DraftStep;
  at: number;
  count: number;
  error: string | undefined;
  onChange: (step: DraftStep) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One step: who is paged, and how long they have. */
export function StepEditor(props: Props) {
  const { step, at, count, error, onChange } = props;
  const remove = (target: Target) =>
    onChange({
      ...step,
      targets: step.targets.filter(({ id }) => id !== target.id),
    });
  return (
    <Paper withBorder p="sm" component="li" aria-label={`Step ${at + 1}`}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600}>Step {at + 1}</Text>
          <MoveButtons
            what={`step ${at + 1}`}
            at={at}
            count={count}
            onMove={props.onMove}
            onRemove={count > 1 ? props.onRemove : undefined}
          />
        </Group>
        {step.targets.length > 0 && (
          <Group gap="xs">
            {step.targets.map((target) => (
              <TargetPill
                key={target.id}
                target={target}
                onRemove={() => remove(target)}
              />
            ))}
          </Group>
        )}
        <TargetPicker
          label={`Page in step ${at + 1}`}
          chosen={step.targets}
          onPick={(target) =>
            onChange({ ...step, targets: [...step.targets, target] })
          }
        />
        <Group gap="xs" align="center">
          <Text size="sm">then wait</Text>
          <NumberInput
            aria-label={`Wait of step ${at + 1}`}
            w={80}
            min={0}
            value={step.amount}
            onChange={(amount) => onChange({ ...step, amount })}
          />
          <Select
            aria-label={`Unit of the wait of step ${at + 1}`}
            w={120}
            allowDeselect={false}
            data={UNITS.map((unit) => ({
              value: unit,
              label: UNIT_NAMES[unit],
            }))}
            value={step.unit}
            onChange={(unit) =>
              onChange({
                ...step,
                unit: UNITS.find((each) => each === unit) ?? step.unit,
              })
            }
          />
          <Text size="sm">for somebody to acknowledge</Text>
        </Group>
        {error && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
