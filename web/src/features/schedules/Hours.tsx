import {
  ActionIcon,
  Button,
  Chip,
  Group,
  Paper,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { ALL_DAYS, type HoursDraft, newKey } from "./draft";

interface Props {
  hours: readonly HoursDraft[];
  /** by the place in the list */
  errors: readonly (string | undefined)[];
  onChange: (hours: HoursDraft[]) => void;
}

// 1 January 2024 was a Monday
const DAYS = ALL_DAYS.map((value) => {
  const day = new Date(Date.UTC(2024, 0, 1 + Number(value)));
  const name = (weekday: "short" | "long") =>
    day.toLocaleDateString(undefined, { weekday, timeZone: "UTC" });
  return { value, short: name("short"), long: name("long") };
});

/** The times of the week at which a layer has anybody at all. */
export function Hours({ hours, errors, onChange }: Props) {
  const change = (key: string, more: Partial<HoursDraft>) =>
    onChange(
      hours.map((each) => (each.key === key ? { ...each, ...more } : each)),
    );
  const add = () =>
    onChange([
      ...hours,
      { key: newKey(), weekdays: ALL_DAYS, start: "09:00", end: "17:00" },
    ]);
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text fw={500} size="sm">
          Hours
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={add}
        >
          {hours.length === 0 ? "Only at certain hours" : "More hours"}
        </Button>
      </Group>
      {hours.length === 0 && (
        <Text size="xs" c="dimmed">
          Around the clock, every day.
        </Text>
      )}
      {hours.map((each, at) => (
        <Paper key={each.key} withBorder p="xs" role="group" aria-label="Hours">
          <Stack gap={6}>
            <Group gap={4} role="group" aria-label="Days">
              <Chip.Group
                multiple
                value={each.weekdays}
                onChange={(weekdays) => change(each.key, { weekdays })}
              >
                {DAYS.map(({ value, short, long }) => (
                  <Chip
                    key={value}
                    value={value}
                    size="xs"
                    variant="light"
                    aria-label={long}
                  >
                    {short}
                  </Chip>
                ))}
              </Chip.Group>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <TextInput
                type="time"
                size="xs"
                flex={1}
                aria-label="From"
                value={each.start}
                onChange={({ currentTarget }) =>
                  change(each.key, { start: currentTarget.value })
                }
              />
              <Text size="sm">to</Text>
              <TextInput
                type="time"
                size="xs"
                flex={1}
                aria-label="Until"
                value={each.end}
                onChange={({ currentTarget }) =>
                  change(each.key, { end: currentTarget.value })
                }
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Remove these hours"
                onClick={() =>
                  onChange(hours.filter(({ key }) => key !== each.key))
                }
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
            {each.end <= each.start && each.end !== "00:00" && (
              <Text size="xs" c="dimmed">
                Ends on the day after.
              </Text>
            )}
            {errors[at] && (
              <Text size="sm" c="red" role="alert">
                {errors[at]}
              </Text>
            )}
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}
