import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { WeekRows } from "../../ui/WeekRows";
import { newHours, WORKDAYS } from "../../ui/week";
import { ZoneSelect } from "../../ui/ZoneSelect";
import type { HoursDraft } from "./draft";

interface Props {
  /** "Hours of step 2" */
  label: string;
  value: HoursDraft;
  error: string | undefined;
  onChange: (hours: HoursDraft) => void;
}

/** Times of the week on the clocks of one zone. */
export function HoursBox({ label, value, error, onChange }: Props) {
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <ZoneSelect
        aria-label="Time zone"
        size="xs"
        allowDeselect={false}
        value={value.time_zone || null}
        onChange={(zone) => onChange({ ...value, time_zone: zone ?? "" })}
      />
      <WeekRows
        hours={value.hours}
        errors={[]}
        onChange={(hours) => onChange({ ...value, hours })}
      />
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="red" role={error ? "alert" : undefined}>
          {error}
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            onChange({
              ...value,
              hours: [...value.hours, newHours(WORKDAYS)],
            })
          }
        >
          More hours
        </Button>
      </Group>
    </Stack>
  );
}
