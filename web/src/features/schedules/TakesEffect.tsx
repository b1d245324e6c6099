import { Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useNow } from "../../ui/now";
import { plusDays, wallOf } from "../../ui/wall";
import { type Draft, FIRST_TIME } from "./draft";

/** From when a change holds: what was before is never changed. */
export function TakesEffect({ form }: { form: UseFormReturnType<Draft> }) {
  const { from_date, time_zone } = form.values;
  const now = useNow(60);
  const tomorrow = plusDays(wallOf(now, time_zone || "UTC").date, 1);
  return (
    <Radio.Group
      label="The changes take effect"
      description="Who was on call before stays as it was."
      value={from_date ? "date" : "now"}
      onChange={(value) => {
        form.setFieldValue("from_date", value === "now" ? "" : tomorrow);
        form.setFieldValue("from_time", FIRST_TIME);
      }}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="now" label="At once" />
        <Radio value="date" label="Later" />
        {from_date && (
          <Group gap="xs" align="end">
            <TextInput
              type="date"
              aria-label="From"
              {...form.getInputProps("from_date")}
            />
            <TextInput
              type="time"
              aria-label="At"
              {...form.getInputProps("from_time")}
            />
            <Text size="sm" c="dimmed" pb={8}>
              in {time_zone}
            </Text>
          </Group>
        )}
      </Stack>
    </Radio.Group>
  );
}
