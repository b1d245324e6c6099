import { Avatar, Group, Paper, Stack, Text } from "@mantine/core";
import { IconBeach, IconUserOff } from "@tabler/icons-react";
import type { OnCall } from "../../api/generated";
import { useMe } from "../../me";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import classes from "./Card.module.css";

/** One schedule now: big who has it, small who is next; loud when nobody has. */
export function Card({ onCall }: { onCall: OnCall }) {
  const { schedule, team, users, until, next, next_at, gap, away } = onCall;
  const me = useMe();
  const [first, ...shadows] = users;
  return (
    <Paper
      withBorder
      p="md"
      className={classes.card}
      data-gap={(gap && !gap.intended) || undefined}
      component="li"
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{team.name}</Text>
          <TextLink
            to="/schedules/$scheduleId"
            params={{ scheduleId: schedule.id }}
            size="sm"
          >
            {schedule.name}
          </TextLink>
        </Group>
        {first ? (
          <Group wrap="nowrap" gap="sm">
            <Avatar name={first.name} color="initials" aria-hidden />
            <div>
              <Text fw={600} size="lg" lh={1.3}>
                {first.name}
                {first.id === me.id && " (you)"}
              </Text>
              <Text size="sm" c="dimmed">
                {until ? (
                  <>
                    until <At at={until} />
                  </>
                ) : (
                  "without an end"
                )}
                {shadows.length > 0 &&
                  `, with ${shadows.map(({ name }) => name).join(" and ")}`}
              </Text>
              {away.length > 0 && (
                <StateLabel
                  tone="orange"
                  icon={IconBeach}
                  word={`${away.map(({ name }) => name).join(" and ")} said to be away`}
                />
              )}
            </div>
          </Group>
        ) : (
          <Nobody gap={gap} until={until} />
        )}
        <Text size="sm" c="dimmed">
          Then{" "}
          {first && next_at && next_at !== until && (
            <>
              nobody until <At at={next_at} />, then{" "}
            </>
          )}
          {next.map(({ name }) => name).join(" and ") || "nobody"}
        </Text>
      </Stack>
    </Paper>
  );
}

interface NobodyProps {
  gap: OnCall["gap"];
  until: string | null;
}

function Nobody({ gap, until }: NobodyProps) {
  const intended = gap?.intended ?? false;
  return (
    <Stack gap={2}>
      <StateLabel
        tone={intended ? "gray" : "red"}
        icon={IconUserOff}
        word={intended ? "Nobody, by design" : "Nobody is on call"}
      />
      {gap?.reason && <Text size="sm">{gap.reason}</Text>}
      <Text size="sm" c={intended ? "dimmed" : undefined}>
        {until ? (
          <>
            Nobody is paged before <At at={until} />.
          </>
        ) : (
          "Steps that ask this schedule are skipped."
        )}
      </Text>
    </Stack>
  );
}
