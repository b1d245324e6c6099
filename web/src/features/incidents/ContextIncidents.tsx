import { Group, Stack, Text } from "@mantine/core";
import type { RelatedIncident, SimilarIncident } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { openForS } from "./context-words";
import { lookOf } from "./state";

interface Props {
  incidents: readonly (RelatedIncident | SimilarIncident)[];
}

/** Other incidents: what is wrong elsewhere, or was wrong before. */
export function ContextIncidents({ incidents }: Props) {
  return (
    <Stack
      component="ul"
      gap={8}
      m={0}
      p={0}
      style={{ listStyle: "none" }}
      aria-label="Incidents"
    >
      {incidents.map((incident) => (
        <li key={incident.id}>
          <TextLink
            to="/incidents/$incidentId"
            params={{ incidentId: String(incident.number) }}
            size="sm"
            lineClamp={2}
            style={{ overflowWrap: "anywhere" }}
          >
            #{incident.number} {incident.title}
          </TextLink>
          <Group gap="0 10px">
            <StateLabel
              {...lookOf({
                status: incident.status,
                snoozed_until: null,
                merged_into: null,
              })}
            />
            <Text size="xs" c="dimmed">
              <Ago at={incident.opened_at} />
              <More incident={incident} />
            </Text>
          </Group>
        </li>
      ))}
    </Stack>
  );
}

function More({ incident }: { incident: RelatedIncident | SimilarIncident }) {
  if ("service" in incident) return `, ${incident.service}`;
  const seconds = openForS(incident);
  return (
    <>
      {seconds !== undefined && `, for ${duration(seconds)}`}
      {incident.same_condition ? ", the same condition" : ", the same title"}
    </>
  );
}
