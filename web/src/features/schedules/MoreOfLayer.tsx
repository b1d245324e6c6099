import { Checkbox, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { ZoneSelect } from "../../ui/ZoneSelect";
import type { Draft, LayerDraft } from "./draft";
import { Holidays } from "./Holidays";

interface Props {
  form: UseFormReturnType<Draft>;
  at: number;
  layer: LayerDraft;
}

/** What few layers need. */
export function MoreOfLayer({ form, at, layer }: Props) {
  const path = `layers.${at}`;
  const restricted = layer.hours.length > 0 || layer.holidays !== "ignore";
  return (
    <Stack gap="md">
      <Group align="start" grow preventGrowOverflow={false}>
        <NumberInput
          label="At once"
          description="2: the next one is the shadow"
          min={1}
          max={10}
          allowDecimal={false}
          style={{ flexBasis: 130 }}
          {...form.getInputProps(`${path}.at_once`)}
        />
        <ZoneSelect
          label="Time zone"
          description="Of its hand-offs and hours"
          placeholder={`As the schedule: ${form.values.time_zone}`}
          clearable
          style={{ flexBasis: 200 }}
          {...form.getInputProps(`${path}.time_zone`)}
          value={layer.time_zone || null}
          onChange={(zone) =>
            form.setFieldValue(`${path}.time_zone`, zone ?? "")
          }
        />
        <TextInput
          type="date"
          label="Ends"
          description="Empty: never"
          style={{ flexBasis: 150 }}
          {...form.getInputProps(`${path}.end_date`)}
        />
      </Group>
      <Holidays form={form} at={at} />
      {restricted && (
        <Checkbox
          label="Nobody loses a turn"
          description="A turn that lies wholly outside the hours is passed over: the same person has the next one."
          {...form.getInputProps(`${path}.keep_turns`, { type: "checkbox" })}
        />
      )}
    </Stack>
  );
}
