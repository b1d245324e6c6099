import { Checkbox, NumberInput, Select, Stack } from "@mantine/core";
import {
  type DraftStep,
  MOST_ACKNOWLEDGEMENTS,
  type OnlyHoursDraft,
  workingHours,
} from "./draft";
import { HoursBox } from "./HoursBox";
import type { StepProblems } from "./problems";

interface Props {
  step: DraftStep;
  /** "step 2" */
  name: string;
  /** where hours begin to be chosen */
  zone: string;
  errors: StepProblems;
  onChange: (step: DraftStep) => void;
}

const URGENCIES = [
  { value: "any", label: "Every incident" },
  { value: "high", label: "Urgent incidents only" },
  { value: "low", label: "Incidents that are not urgent only" },
];
const TIMES = [
  { value: "any", label: "At any time" },
  { value: "inside", label: "Only during certain hours" },
  { value: "outside", label: "Only outside of certain hours" },
];

/** What few steps need. */
export function MoreOfStep({ step, name, zone, errors, onChange }: Props) {
  const { only_hours: only, wait_for: waits } = step;
  return (
    <Stack gap="sm">
      <Checkbox
        label="Take turns"
        description="Page whoever was not paged for longest: one, or as many as have to acknowledge."
        checked={step.round_robin}
        onChange={({ currentTarget }) =>
          onChange({ ...step, round_robin: currentTarget.checked })
        }
      />
      <NumberInput
        label="How many have to acknowledge"
        description="Until so many have, all of them are asked again"
        min={1}
        max={MOST_ACKNOWLEDGEMENTS}
        allowDecimal={false}
        maw={320}
        value={step.acknowledgements}
        error={errors.acknowledgements}
        onChange={(acknowledgements) => onChange({ ...step, acknowledgements })}
      />
      <Select
        label="For"
        aria-label={`For which incidents is ${name}`}
        data={URGENCIES}
        allowDeselect={false}
        maw={320}
        value={step.only_urgency ?? "any"}
        onChange={(value) =>
          onChange({
            ...step,
            only_urgency: value === "high" || value === "low" ? value : null,
          })
        }
      />
      <Select
        label="When"
        aria-label={`When is ${name}`}
        description="At other times it is passed over"
        data={TIMES}
        allowDeselect={false}
        maw={320}
        value={only ? (only.inside ? "inside" : "outside") : "any"}
        onChange={(value) =>
          onChange({ ...step, only_hours: onlyHours(value, only, zone) })
        }
      />
      {only && (
        <HoursBox
          label={`Hours of ${name}`}
          value={only}
          error={errors.only_hours}
          onChange={(hours) =>
            onChange({ ...step, only_hours: { ...hours, inside: only.inside } })
          }
        />
      )}
      <Checkbox
        label="Wait until certain hours begin"
        description="Outside of them nobody is paged, and no later step begins."
        checked={waits !== null}
        onChange={({ currentTarget }) =>
          onChange({
            ...step,
            wait_for: currentTarget.checked ? workingHours(zone) : null,
          })
        }
      />
      {waits && (
        <HoursBox
          label={`Hours that ${name} waits for`}
          value={waits}
          error={errors.wait_for}
          onChange={(wait_for) => onChange({ ...step, wait_for })}
        />
      )}
    </Stack>
  );
}

function onlyHours(
  choice: string | null,
  known: OnlyHoursDraft | null,
  zone: string,
): OnlyHoursDraft | null {
  if (choice === "any") return null;
  return { ...(known ?? workingHours(zone)), inside: choice === "inside" };
}
