import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { TextLink } from "../../ui/links";

interface Props {
  incidents: readonly { id: string; number: number; title: string }[];
  onRemove?: (id: string) => void;
}

/** The incidents that a postmortem is about. */
export function ChosenIncidents({ incidents, onRemove }: Props) {
  if (incidents.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No incident yet.
      </Text>
    );
  return (
    <Stack component="ul" gap={4} p={0} m={0}>
      {incidents.map(({ id, number, title }) => (
        <Group key={id} component="li" gap="xs" wrap="nowrap">
          <Text size="sm">
            <TextLink
              to="/incidents/$incidentId"
              params={{ incidentId: String(number) }}
              inherit
            >
              #{number} {title}
            </TextLink>
          </Text>
          {onRemove && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Take #${number} out`}
              onClick={() => onRemove(id)}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
    </Stack>
  );
}
