import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { WeekRows } from "../../ui/WeekRows";
import { newHours, type WeekHours } from "../../ui/week";

interface Props {
  hours: readonly WeekHours[];
  /** by the place in the list */
  errors: readonly (string | undefined)[];
  onChange: (hours: WeekHours[]) => void;
}

/** The times of the week at which a layer has anybody at all. */
export function Hours({ hours, errors, onChange }: Props) {
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
          onClick={() => onChange([...hours, newHours()])}
        >
          {hours.length === 0 ? "Only at certain hours" : "More hours"}
        </Button>
      </Group>
      {hours.length === 0 && (
        <Text size="xs" c="dimmed">
          Around the clock, every day.
        </Text>
      )}
      <WeekRows hours={hours} errors={errors} onChange={onChange} />
    </Stack>
  );
}
