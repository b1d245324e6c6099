import { Group, Pill, Text } from "@mantine/core";
import type { IncidentDetail } from "../../api/generated";
import { useRemoveResponder } from "./use-change";

/** Who was asked to help. */
export function Responders({ incident }: { incident: IncidentDetail }) {
  const { mutate } = useRemoveResponder(incident.id);
  if (incident.responders.length === 0) return null;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        Asked to help:
      </Text>
      {incident.responders.map(({ id, name }) => (
        <Pill
          key={id}
          withRemoveButton={incident.can_respond}
          onRemove={() => mutate(id)}
          removeButtonProps={{
            "aria-label": `Take ${name} off the incident`,
            "aria-hidden": false,
            tabIndex: 0,
          }}
        >
          {name}
        </Pill>
      ))}
    </Group>
  );
}
