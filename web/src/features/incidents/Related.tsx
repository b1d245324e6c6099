import { Stack } from "@mantine/core";
import type { IncidentDetail } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";

/** Incidents that are part of this one. */
export function Related({ incident }: { incident: IncidentDetail }) {
  if (incident.merged.length === 0) return null;
  return (
    <Section title="Merged into this">
      <Stack gap={4}>
        {incident.merged.map(({ id, number, title }) => (
          <TextLink
            key={id}
            to="/incidents/$incidentId"
            params={{ incidentId: String(number) }}
            size="sm"
          >
            #{number} {title}
          </TextLink>
        ))}
      </Stack>
    </Section>
  );
}
