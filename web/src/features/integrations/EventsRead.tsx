import { Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { InboundRequestDetail } from "../../api/generated";
import { AlertFacts } from "../../ui/AlertFacts";
import { TextLink } from "../../ui/links";
import { outcome } from "./outcomes";
import { alertQuery } from "./queries";

const MOST_SHOWN = 10;

/** Event by event: what it did, and to which alert. */
export function EventsRead({ request }: { request: InboundRequestDetail }) {
  const { event_outcomes: outcomes, alert_ids: alerts } = request;
  if (outcomes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There was no event in it.
      </Text>
    );
  return (
    <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
      {outcomes.slice(0, MOST_SHOWN).map((name, at) => (
        <Paper key={at} component="li" withBorder p="sm">
          <Text size="xs" c="dimmed">
            {outcomes.length > 1 && `Event ${at + 1}: `}
            {outcome(name)}
          </Text>
          <Touched alertId={alerts[at] ?? null} />
        </Paper>
      ))}
      {outcomes.length > MOST_SHOWN && (
        <Text component="li" size="sm" c="dimmed">
          and {outcomes.length - MOST_SHOWN} more
        </Text>
      )}
    </Stack>
  );
}

function Touched({ alertId }: { alertId: string | null }) {
  const query = useQuery({
    ...alertQuery(alertId ?? ""),
    enabled: alertId !== null,
  });
  if (alertId === null)
    return <Text size="sm">It concerned no alert that is kept.</Text>;
  const alert = query.data;
  if (!alert) return query.error ? null : <Skeleton height={40} mt={4} />;
  return (
    <Stack gap={6}>
      <TextLink
        to="/alerts/$alertId"
        params={{ alertId }}
        fw={600}
        size="sm"
        style={{ overflowWrap: "anywhere" }}
      >
        {alert.title}
      </TextLink>
      <Group gap="4px 16px">
        <Text size="sm">severity {alert.severity}</Text>
        <Text size="sm">
          dedup key{" "}
          <Text span ff="monospace" inherit>
            {alert.dedup_key}
          </Text>
        </Text>
      </Group>
      {alert.suppression && (
        <Text size="sm" c="dimmed">
          Nobody is told: {alert.suppression.says}
        </Text>
      )}
      <AlertFacts alert={alert} />
    </Stack>
  );
}
