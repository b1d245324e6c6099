import { Group, Text } from "@mantine/core";
import { IconHeadset, IconUserOff } from "@tabler/icons-react";
import type { Schedule } from "../../api/generated";
import { useMe } from "../../me";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";

/** Who has it now, until when, and who is next. */
export function Standing({ schedule }: { schedule: Schedule }) {
  const { on_call, until, next, next_at, gap } = schedule;
  const me = useMe();
  return (
    <Group gap="4px 12px">
      {on_call.length > 0 ? (
        <Group gap={6} wrap="nowrap">
          <IconHeadset size={16} aria-hidden style={{ flex: "none" }} />
          <span>
            {on_call.map(({ id, name }, at) => (
              <span key={id}>
                {at > 0 && ", "}
                <TextLink
                  to="/team/users/$userId"
                  params={{ userId: id }}
                  size="sm"
                  fw={at === 0 ? 600 : undefined}
                >
                  {name}
                </TextLink>
                {id === me.id && (
                  <Text span size="sm">
                    {" "}
                    (you)
                  </Text>
                )}
              </span>
            ))}
          </span>
        </Group>
      ) : (
        <StateLabel
          tone={gap?.intended ? "gray" : "red"}
          icon={IconUserOff}
          word={gap?.intended ? "Nobody, by design" : "Nobody is on call"}
        />
      )}
      {gap?.reason && <Text size="sm">{gap.reason}</Text>}
      {until && (
        <Text size="sm" c="dimmed">
          until <At at={until} />
          {on_call.length > 0 && next_at && next_at !== until && (
            <>
              , then nobody until <At at={next_at} />
            </>
          )}
          {next.length > 0 && `, then ${names(next)}`}
        </Text>
      )}
    </Group>
  );
}

function names(people: readonly { name: string }[]): string {
  return people.map(({ name }) => name).join(", ");
}
