import { Checkbox, NumberInput, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { DurationInput } from "../../ui/DurationInput";
import { UNIT_S } from "../../ui/spans";
import { HERE } from "../../ui/wall";
import { type Draft, MOST_REPEATS, workingHours } from "./draft";
import { HoursBox } from "./HoursBox";

const ACK_TIMEOUT_S = 30 * UNIT_S.min;

/** What holds for all steps. */
export function MoreOfPolicy({ form }: { form: UseFormReturnType<Draft> }) {
  const { ack_timeout_s: timeout, low_urgency_hours: hours } = form.values;
  const error = (field: string) => {
    const text = form.errors[field];
    return typeof text === "string" ? text : undefined;
  };
  return (
    <Stack gap="md">
      <NumberInput
        label="Repeats"
        description="If nobody acknowledges, all steps begin again this many times"
        min={0}
        max={MOST_REPEATS}
        allowDecimal={false}
        maw={320}
        {...form.getInputProps("repeats")}
      />
      <Checkbox
        label="Page again when it is acknowledged and forgotten"
        description="Whoever acknowledges has a time to resolve it in; then all steps begin anew."
        checked={timeout !== null}
        onChange={({ currentTarget }) =>
          form.setFieldValue(
            "ack_timeout_s",
            currentTarget.checked ? ACK_TIMEOUT_S : null,
          )
        }
      />
      {timeout !== null && (
        <DurationInput
          label="Time to resolve"
          units={["min", "h", "d"]}
          seconds={timeout}
          error={error("ack_timeout_s")}
          onChange={(seconds) =>
            form.setFieldValue("ack_timeout_s", seconds ?? 0)
          }
        />
      )}
      <Checkbox
        label="Hold what is not urgent until working hours"
        description="Incidents of low urgency page nobody outside of them."
        checked={hours !== null}
        onChange={({ currentTarget }) =>
          form.setFieldValue(
            "low_urgency_hours",
            currentTarget.checked ? workingHours(HERE) : null,
          )
        }
      />
      {hours && (
        <HoursBox
          label="Working hours"
          value={hours}
          error={error("low_urgency_hours")}
          onChange={(next) => form.setFieldValue("low_urgency_hours", next)}
        />
      )}
    </Stack>
  );
}
