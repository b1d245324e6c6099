import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconHandStop, IconRotate } from "@tabler/icons-react";
import type { IncidentDetail } from "../../api/generated";
import { Ago, At, Countdown } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { ActionMenu } from "./ActionMenu";
import classes from "./IncidentHead.module.css";
import { NotSent } from "./NotSent";
import { lookOf, whoHas } from "./state";
import { useVerb } from "./use-verb";

/** Title, state and the one action that matters now: always in view. */
export function IncidentHead({ incident }: { incident: IncidentDetail }) {
  const { number, title, service, team, priority } = incident;
  return (
    <div className={classes.head}>
      <Stack gap={4} className={classes.words}>
        <Title order={1} lineClamp={3}>
          <Text span inherit c="dimmed" fw={400}>
            #{number}
          </Text>{" "}
          {title}
        </Title>
        <Group gap="xs">
          <StateLabel {...lookOf(incident)} />
          <NotSent incidentId={incident.id} />
          {priority && (
            <Badge variant="default" radius="sm">
              {priority}
            </Badge>
          )}
          <Text size="sm">
            <State incident={incident} />
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
          >
            {service.name}
          </TextLink>
          {` · ${team.name} · ${incident.severity} · ${incident.urgency} urgency · since `}
          <Ago at={incident.opened_at} />
        </Text>
      </Stack>
      {incident.can_respond && <Actions incident={incident} />}
    </div>
  );
}

function State({ incident }: { incident: IncidentDetail }) {
  const { status, snoozed_until, merged_into, next_escalation_at } = incident;
  if (merged_into)
    return (
      <>
        into{" "}
        <TextLink
          to="/incidents/$incidentId"
          params={{ incidentId: String(merged_into.number) }}
        >
          #{merged_into.number} {merged_into.title}
        </TextLink>
      </>
    );
  if (snoozed_until && status !== "resolved")
    return (
      <>
        {whoHas(incident)}, until <At at={snoozed_until} />
      </>
    );
  if (status === "triggered" && next_escalation_at)
    return (
      <>
        {whoHas(incident)}, escalates in <Countdown at={next_escalation_at} />
      </>
    );
  const at = incident.resolved_at ?? incident.acknowledged_at;
  return (
    <>
      {whoHas(incident)}
      {status !== "triggered" && at && (
        <>
          , <Ago at={at} />
        </>
      )}
    </>
  );
}

function Actions({ incident }: { incident: IncidentDetail }) {
  const { act, isPending } = useVerb();
  const { status, snoozed_until, merged_into } = incident;
  const resolve = (
    <Button
      variant={status === "triggered" ? "default" : "filled"}
      leftSection={<IconCheck size={18} />}
      disabled={isPending}
      onClick={() => act({ do: "resolve" }, incident)}
    >
      Resolve
    </Button>
  );
  return (
    <div className={classes.actions}>
      {status === "triggered" && (
        <Button
          leftSection={<IconHandStop size={18} />}
          disabled={isPending}
          onClick={() => act({ do: "acknowledge" }, incident)}
        >
          Acknowledge
        </Button>
      )}
      {status !== "resolved" && resolve}
      {status === "acknowledged" && snoozed_until && (
        <Button
          variant="default"
          disabled={isPending}
          onClick={() => act({ do: "wake" }, incident)}
        >
          Wake now
        </Button>
      )}
      {status === "resolved" && !merged_into && (
        <Button
          variant="default"
          leftSection={<IconRotate size={18} />}
          disabled={isPending}
          onClick={() => act({ do: "reopen" }, incident)}
        >
          Re-open
        </Button>
      )}
      <ActionMenu incident={incident} act={(verb) => act(verb, incident)} />
    </div>
  );
}
