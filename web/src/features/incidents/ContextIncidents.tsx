import { Group, Stack, Text } from "@mantine/core";
import type { RelatedIncident, SimilarIncident } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { likenessInWords, openForS } from "./context-words";
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
          {"likeness" in incident && <Ended incident={incident} />}
        </li>
      ))}
    </Stack>
  );
}

function More({ incident }: { incident: RelatedIncident | SimilarIncident }) {
  return (
    <>
      {"likeness" in incident
        ? ` · ${likenessInWords(incident)}`
        : `, ${incident.service}`}
    </>
  );
}

/** How an earlier one ended: after how long, by whom, and what they wrote. */
function Ended({ incident }: { incident: SimilarIncident }) {
  const seconds = openForS(incident);
  if (seconds === undefined) return null;
  return (
    <Text size="xs" c="dimmed" lineClamp={3}>
      Over after {duration(seconds)},{" "}
      {incident.resolved_by
        ? `resolved by ${incident.resolved_by}`
        : "by itself"}
      {incident.note && `: “${incident.note}”`}
    </Text>
  );
}
