import { Anchor, Box, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { IncidentDetail, Notification } from "../../api/generated";
import { useMe } from "../../me";
import { Ago, At, Countdown } from "../../ui/Ago";
import { Attempts } from "../../ui/Attempts";
import { fateOf } from "../../ui/fate";
import { Loaded } from "../../ui/Loaded";
import { StateLabel } from "../../ui/StateLabel";
import classes from "./Ladder.module.css";
import { type PastRung, pastRungs, roundOf } from "./ladder";
import { NextUp, PlanAhead } from "./PlanAhead";
import { planQuery } from "./plan-queries";
import { notificationsQuery } from "./queries";
import { WhyButton } from "./Why";

const MOST_PEOPLE = 5;

/** Who was told how and what became of it, and who is next. */
export function Ladder({ incident }: { incident: IncidentDetail }) {
  const query = useQuery(notificationsQuery(incident.id));
  const plan = useQuery(planQuery(incident.id)).data;
  const me = useMe();
  return (
    <Loaded what="Who was paged" query={query}>
      {(notifications) => (
        <>
          {plan && <NextUp plan={plan} />}
          <ol className={classes.ladder}>
            {pastRungs(notifications).map((rung) => (
              <Past key={`${rung.at}${rung.cause}`} rung={rung} />
            ))}
            {plan && <PlanAhead plan={plan} />}
            {(incident.escalation?.state === "running" ||
              plan?.steps.length === 0) && (
              <End incident={incident} paged={notifications.length > 0} />
            )}
          </ol>
          <WhyButton
            incidentId={incident.id}
            paged={notifications.some(({ user }) => user.id === me.id)}
          />
        </>
      )}
    </Loaded>
  );
}

function Past({ rung }: { rung: PastRung }) {
  const [all, { open: showAll }] = useDisclosure();
  const left = all ? 0 : Math.max(0, rung.people.length - MOST_PEOPLE);
  const people = left > 1 ? rung.people.slice(0, MOST_PEOPLE) : rung.people;
  return (
    <li className={classes.rung} data-past>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {rung.cause.charAt(0).toUpperCase() + rung.cause.slice(1)}
        </Text>
        <Text size="xs" c="dimmed">
          <Ago at={rung.at} />
        </Text>
      </Group>
      <Stack gap={6} mt={4}>
        {people.map(({ id, name, kind, notifications }) => (
          <Box key={id}>
            <Text size="sm">
              {name}
              {kind === "room" && (
                <Text span inherit c="dimmed">
                  {" "}
                  (room)
                </Text>
              )}
            </Text>
            {notifications.map((notification) => (
              <Message key={notification.id} notification={notification} />
            ))}
          </Box>
        ))}
        {left > 1 && (
          <Button
            size="compact-sm"
            variant="subtle"
            style={{ alignSelf: "start" }}
            onClick={showAll}
          >
            Show {left} more
          </Button>
        )}
      </Stack>
    </li>
  );
}

function Message({ notification }: { notification: Notification }) {
  const { attempts, label, channel, status, send_at, user } = notification;
  const last = attempts.at(-1);
  const [opened, { toggle }] = useDisclosure();
  return (
    <Group gap={8} className={classes.message}>
      <StateLabel {...fateOf(notification)} />
      <Text size="xs" c="dimmed">
        {user.kind === "room" ? channel : label || channel}
        {" · "}
        {status === "planned" ? (
          <>
            in <Countdown at={send_at} />
          </>
        ) : (
          <At at={notification.finished_at ?? send_at} />
        )}
        {last?.possible_duplicate && " · may have arrived twice"}
        {last?.error && ` · ${last.error}`}
        {attempts.length > 0 && " · "}
        {attempts.length > 0 && (
          <Anchor
            component="button"
            type="button"
            inherit
            aria-expanded={opened}
            onClick={toggle}
          >
            {attempts.length === 1
              ? "1 attempt"
              : `${attempts.length} attempts`}
          </Anchor>
        )}
      </Text>
      {opened && (
        <Box w="100%" pl={28}>
          <Attempts attempts={attempts} />
        </Box>
      )}
    </Group>
  );
}

function End({
  incident,
  paged,
}: {
  incident: IncidentDetail;
  paged: boolean;
}) {
  const { escalation, status } = incident;
  if (escalation?.state === "exhausted")
    return (
      <li className={classes.rung} data-next>
        <Text size="sm" fw={600}>
          Every step ran and nobody answered
        </Text>
        <Text size="xs" c="dimmed">
          The platform admins were told. Nobody else is paged unless the
          incident is reassigned.
        </Text>
      </li>
    );
  const round = escalation && roundOf(escalation);
  if (escalation?.state === "running")
    return (
      <Text component="li" size="xs" c="dimmed" className={classes.note}>
        {escalation.policy_name}
        {round && `, ${round}`}
      </Text>
    );
  return (
    <Text component="li" size="sm" c="dimmed" className={classes.note}>
      {status === "resolved"
        ? "It is over: nobody else is paged."
        : paged
          ? "Somebody has it: nobody else is paged."
          : "Nobody was paged."}
    </Text>
  );
}
