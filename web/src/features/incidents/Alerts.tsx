import { Group, Paper, Stack, Text } from "@mantine/core";
import { IconBell, IconBellCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { IncidentDetail, ReportedAlert } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { AlertFacts } from "../../ui/AlertFacts";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { alertsQuery } from "./queries";

/** The conditions that tools reported, each once with how often it was said. */
export function Alerts({ incident }: { incident: IncidentDetail }) {
  const query = useInfiniteQuery(alertsQuery(incident.id));
  return (
    <Section title="Alerts">
      <Loaded what="The alerts" query={query}>
        {(data) => {
          const alerts = data.pages.flatMap((page) => page.items);
          return (
            <Stack gap="xs">
              {alerts.map((alert) => (
                <AlertCard
                  key={alert.id}
                  alert={alert}
                  // the only one's facts stand at the top of the page
                  withFacts={alerts.length > 1}
                />
              ))}
              {alerts.length === 0 && (
                <Text size="sm" c="dimmed">
                  {incident.merged_into
                    ? `They are with #${incident.merged_into.number}.`
                    : "No tool has reported anything; a person declared this."}
                </Text>
              )}
              <LoadMore {...query} />
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

interface CardProps {
  alert: ReportedAlert;
  withFacts: boolean;
}

function AlertCard({ alert, withFacts }: CardProps) {
  const open = alert.status === "open";
  return (
    <Paper withBorder p="sm">
      <Stack gap={6}>
        <Group gap="xs" justify="space-between" wrap="nowrap" align="start">
          <TextLink
            to="/alerts/$alertId"
            params={{ alertId: alert.id }}
            size="sm"
            fw={500}
            lineClamp={3}
            style={{ overflowWrap: "anywhere" }}
          >
            {alert.title}
          </TextLink>
          <StateLabel
            tone={open ? "red" : "teal"}
            icon={open ? IconBell : IconBellCheck}
            word={open ? "Open" : "Resolved"}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {alert.integration.name} · {alert.severity}
          {alert.occurrences > 1 && ` · received ${alert.occurrences} times`}
          {" · first "}
          <Ago at={alert.opened_at} />
          {alert.occurrences > 1 && (
            <>
              , last <Ago at={alert.last_at} />
            </>
          )}
        </Text>
        {withFacts && <AlertFacts alert={alert} />}
      </Stack>
    </Paper>
  );
}
