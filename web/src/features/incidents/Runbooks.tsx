import { Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type IncidentDetail, listRunbookRuns } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { RUN_STATES } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";

const MOST_SHOWN = 10;

function runsQuery(incidentId: string) {
  return queryOptions({
    queryKey: ["runbook-runs", "incident", incidentId],
    queryFn: ({ signal }) =>
      listRunbookRuns({
        query: { incident_id: incidentId, limit: MOST_SHOWN },
        signal,
      }),
    select: ({ items }) => items,
  });
}

/** What was run for this incident, and the way to run something. */
export function Runbooks({ incident }: { incident: IncidentDetail }) {
  const query = useQuery(runsQuery(incident.id));
  return (
    <Section title="Runbooks">
      <Loaded what="The runs" query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing was run for this incident.
            </Text>
          ) : (
            <Stack component="ul" gap="xs" p={0} m={0}>
              {runs.map((run) => (
                <Group
                  key={run.id}
                  component="li"
                  justify="space-between"
                  gap="xs"
                >
                  <Text size="sm">
                    <TextLink
                      to="/runbooks/runs/$runId"
                      params={{ runId: run.id }}
                      inherit
                    >
                      {run.name}
                    </TextLink>{" "}
                    <Text span inherit c="dimmed">
                      <Ago at={run.created_at} />
                    </Text>
                  </Text>
                  <StateLabel {...RUN_STATES[run.state]} />
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
      {incident.can_respond && (
        <ButtonLink
          to="/incidents/$incidentId/runbooks"
          params={{ incidentId: String(incident.number) }}
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
        >
          Run a runbook
        </ButtonLink>
      )}
    </Section>
  );
}
