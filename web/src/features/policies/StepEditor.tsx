import {
  Button,
  Collapse,
  Group,
  NumberInput,
  Paper,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import type { PolicyFinding } from "../../api/generated";
import { MoveButtons } from "../../ui/MoveButtons";
import { PolicyFindings } from "../../ui/PolicyFindings";
import { UNIT_NAMES } from "../../ui/spans";
import { HERE } from "../../ui/wall";
import {
  type DraftStep,
  MOST_TARGETS,
  sameTarget,
  type Target,
  UNITS,
  whichLeft,
} from "./draft";
import { MoreOfStep } from "./MoreOfStep";
import type { StepProblems } from "./problems";
import { TargetPicker } from "./TargetPicker";
import { HiddenTargets, TargetRow } from "./TargetRow";

interface Props {
  step: DraftStep;
  at: number;
  count: number;
  errors: StepProblems;
  findings: readonly PolicyFinding[];
  onChange: (step: DraftStep) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One step: who is paged, how long they have, and what is wrong with it. */
export function StepEditor(props: Props) {
  const { step, at, count, errors, findings, onChange } = props;
  const [more, { toggle }] = useDisclosure(hasMore(step));
  const name = `step ${at + 1}`;
  const keeps = step.targets.some((target) => target.hidden);
  const error = errors.targets ?? errors.timeout;
  const hidden =
    errors.acknowledgements ?? errors.only_hours ?? errors.wait_for;
  return (
    <Paper
      withBorder
      p="sm"
      component="li"
      aria-label={`Step ${at + 1}`}
      style={{ listStyle: "none" }}
    >
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600}>Step {at + 1}</Text>
          <MoveButtons
            what={name}
            at={at}
            count={count}
            onMove={props.onMove}
            onRemove={count > 1 && !keeps ? props.onRemove : undefined}
          />
        </Group>
        <Targets
          label={`Page in ${name}`}
          targets={step.targets}
          onChange={(targets) => onChange({ ...step, targets })}
        />
        <Wait step={step} name={name} onChange={onChange} />
        {error && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
        <PolicyFindings findings={findings} />
        <Collapse expanded={more || hidden !== undefined} keepMounted={false}>
          <MoreOfStep
            step={step}
            name={name}
            zone={HERE}
            errors={errors}
            onChange={onChange}
          />
        </Collapse>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={more}
            aria-label={`${more ? "Fewer" : "More"} settings of ${name}`}
            rightSection={
              more ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />
            }
            onClick={toggle}
          >
            {more ? "Fewer settings" : "More settings"}
          </Button>
          {!more && (
            <Text size="xs" c="dimmed">
              turns, urgency, hours, how many
            </Text>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function hasMore(step: DraftStep): boolean {
  const { round_robin, only_urgency, only_hours, wait_for } = step;
  const several = Number(step.acknowledgements) > 1;
  return Boolean(
    round_robin || only_urgency || only_hours || wait_for || several,
  );
}

interface TargetsProps {
  label: string;
  targets: readonly Target[];
  onChange: (targets: Target[]) => void;
}

function Targets({ label, targets, onChange }: TargetsProps) {
  const seen = targets.filter(({ hidden }) => !hidden);
  return (
    <>
      <HiddenTargets count={targets.length - seen.length} />
      {seen.map((target) => (
        <TargetRow
          key={`${target.id} ${target.which}`}
          target={target}
          left={whichLeft(targets, target.id)}
          onChange={(which) =>
            onChange(
              targets.map((each) =>
                sameTarget(each, target) ? { ...each, which } : each,
              ),
            )
          }
          onRemove={() =>
            onChange(targets.filter((each) => !sameTarget(each, target)))
          }
        />
      ))}
      {targets.length < MOST_TARGETS && (
        <TargetPicker
          label={label}
          chosen={targets}
          onPick={(target) => onChange([...targets, target])}
        />
      )}
    </>
  );
}

interface WaitProps {
  step: DraftStep;
  name: string;
  onChange: (step: DraftStep) => void;
}

function Wait({ step, name, onChange }: WaitProps) {
  return (
    <Group gap="xs" align="center">
      <Text size="sm">then wait</Text>
      <NumberInput
        aria-label={`Wait of ${name}`}
        w={80}
        min={0}
        value={step.amount}
        onChange={(amount) => onChange({ ...step, amount })}
      />
      <Select
        aria-label={`Unit of the wait of ${name}`}
        w={120}
        allowDeselect={false}
        data={UNITS.map((unit) => ({ value: unit, label: UNIT_NAMES[unit] }))}
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
  );
}
