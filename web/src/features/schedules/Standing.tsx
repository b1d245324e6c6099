import { Group, Text } from "@mantine/core";
import { IconHeadset, IconUserOff } from "@tabler/icons-react";
import type { Schedule } from "../../api/generated";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";

/** Who has it now, until when, and who is next. */
export function Standing({ schedule }: { schedule: Schedule }) {
  const { on_call, until, next } = schedule;
  return (
    <Group gap="4px 12px">
      {on_call ? (
        <Group gap={6} wrap="nowrap">
          <IconHeadset size={16} aria-hidden />
          <TextLink
            to="/team/users/$userId"
            params={{ userId: on_call.id }}
            size="sm"
            fw={600}
          >
            {on_call.name}
          </TextLink>
        </Group>
      ) : (
        <StateLabel tone="red" icon={IconUserOff} word="Nobody is on call" />
      )}
      {until && (
        <Text size="sm" c="dimmed">
          until <At at={until} />
          {next && `, then ${next.name}`}
        </Text>
      )}
    </Group>
  );
}
