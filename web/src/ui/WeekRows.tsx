import {
  ActionIcon,
  Chip,
  Group,
  Paper,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { ALL_DAYS, type WeekHours } from "./week";

interface Props {
  hours: readonly WeekHours[];
  /** by the place in the list */
  errors: readonly (string | undefined)[];
  onChange: (hours: WeekHours[]) => void;
}

// 1 January 2024 was a Monday
const DAYS = ALL_DAYS.map((value) => {
  const day = new Date(Date.UTC(2024, 0, 1 + Number(value)));
  const name = (weekday: "short" | "long") =>
    day.toLocaleDateString(undefined, { weekday, timeZone: "UTC" });
  return { value, short: name("short"), long: name("long") };
});

/** Times of the week, a row each. */
export function WeekRows({ hours, errors, onChange }: Props) {
  const change = (key: string, more: Partial<WeekHours>) =>
    onChange(
      hours.map((each) => (each.key === key ? { ...each, ...more } : each)),
    );
  return (
    <Stack gap={6}>
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
