import { Avatar, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCalendarPlus, IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { OnCall } from "../../api/generated";
import { useMe } from "../../me";
import { At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { StateLabel } from "../../ui/StateLabel";
import { inOrder } from "./in-order";
import { MyShifts } from "./MyShifts";
import { onCallQuery } from "./queries";

/** Who is on call now, across teams, and who is next. */
export function OnCallPage() {
  const me = useMe();
  const query = useQuery(onCallQuery);
  const mine = me.memberships.map(({ team }) => team.id);
  return (
    <Page title="On call now">
      <Loaded what="Who is on call" query={query}>
        {(all) =>
          all.length === 0 ? (
            <NoSchedules />
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {inOrder(all, mine).map((each) => (
                <Card key={each.schedule.id} onCall={each} />
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <MyShifts />
    </Page>
  );
}

function Card({ onCall }: { onCall: OnCall }) {
  const { schedule, team, user, until, next } = onCall;
  const me = useMe();
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{team.name}</Text>
          <TextLink
            to="/schedules/$scheduleId"
            params={{ scheduleId: schedule.id }}
            size="sm"
            c="dimmed"
          >
            {schedule.name}
          </TextLink>
        </Group>
        {user ? (
          <Group wrap="nowrap" gap="sm">
            <Avatar name={user.name} color="initials" aria-hidden />
            <div>
              <Text fw={600} size="lg" lh={1.3}>
                {user.name}
                {user.id === me.id && " (you)"}
              </Text>
              {until && (
                <Text size="sm" c="dimmed">
                  until <At at={until} />
                </Text>
              )}
            </div>
          </Group>
        ) : (
          <Stack gap={2}>
            <StateLabel
              tone="red"
              icon={IconUserOff}
              word="Nobody is on call"
            />
            <Text size="sm" c="dimmed">
              {until ? (
                <>
                  Nobody would be paged before <At at={until} />.
                </>
              ) : (
                "Steps that ask this schedule are skipped."
              )}
            </Text>
          </Stack>
        )}
        <Text size="sm" c="dimmed">
          {next ? `Then ${next.name}` : "Then nobody"}
        </Text>
      </Stack>
    </Paper>
  );
}

function NoSchedules() {
  return (
    <Empty
      icon={<IconCalendarPlus size={40} />}
      title="No schedules yet"
      action={<ButtonLink to="/schedules">Make a schedule</ButtonLink>}
    >
      A schedule says who takes turns being on call. Escalation policies page
      whoever is on call in it.
    </Empty>
  );
}
