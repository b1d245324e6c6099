import { Spoiler, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { IncidentDetail } from "../../api/generated";
import { AlertFacts } from "../../ui/AlertFacts";
import { Lines } from "../../ui/Loaded";
import { Payload } from "../../ui/Payload";
import { Section } from "../../ui/Section";
import { alertsQuery, lastPayloadQuery, timelineQuery } from "./queries";

// the head of the page shows three lines of it
const LONG_TITLE = 100;

/** What is wrong, in the words of the tool or the person that said so. */
export function What({ incident }: { incident: IncidentDetail }) {
  const alerts = useInfiniteQuery(alertsQuery(incident.id));
  const first = alerts.data?.pages[0]?.items[0];
  if (alerts.isPending) return <Lines count={3} />;
  if (!first && incident.merged_into)
    return (
      <Section title="What">
        <Text size="sm">
          Merged: its alerts are part of #{incident.merged_into.number} now.
        </Text>
      </Section>
    );
  if (!first) return <Declared incidentId={incident.id} />;
  return (
    <Section title="What">
      <Stack gap="sm">
        {incident.title.length > LONG_TITLE && (
          <Spoiler maxHeight={110} showLabel="Show all" hideLabel="Show less">
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {incident.title}
            </Text>
          </Spoiler>
        )}
        {first.body && (
          <Spoiler maxHeight={160} showLabel="Show all" hideLabel="Show less">
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {first.body}
            </Text>
          </Spoiler>
        )}
        <AlertFacts alert={first} />
        <LastPayload alertId={first.id} />
      </Stack>
    </Section>
  );
}

function LastPayload({ alertId }: { alertId: string }) {
  const { data } = useQuery(lastPayloadQuery(alertId));
  return data ? <Payload text={data.last_payload} /> : null;
}

/** What the person wrote who declared it: it stands in the first event. */
function Declared({ incidentId }: { incidentId: string }) {
  const events = useInfiniteQuery(timelineQuery(incidentId)).data;
  const first = events?.pages
    .flatMap((page) => page.items)
    .find(({ kind }) => kind === "incident.triggered");
  const body = first?.data.body;
  return (
    <Section title="What">
      <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
        {typeof body === "string" && body !== ""
          ? body
          : `Declared by ${first?.actor.name ?? "hand"}; no tool has reported it.`}
      </Text>
    </Section>
  );
}
