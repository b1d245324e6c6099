import { Group, Text } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import {
  type IncidentDetail,
  listStatusIncidentsOfIncident,
} from "../../api/generated";
import { statusPagesQuery } from "../../api/queries";
import { canRespond, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { ButtonLink, TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";

/** What people outside are told of an incident, and the way to tell them. */
export function ToldOutside({ incident }: { incident: IncidentDetail }) {
  const me = useMe();
  const pages = useQuery(statusPagesQuery).data ?? [];
  const told = useQuery({
    queryKey: ["incident", incident.id, "told-outside"],
    queryFn: ({ signal }) =>
      listStatusIncidentsOfIncident({
        path: { incident_id: incident.id },
        signal,
      }),
  }).data;
  const mayTell = pages.some(({ team }) =>
    team ? canRespond(me, team.id) : me.platform_admin,
  );
  if (!told || (told.length === 0 && !mayTell)) return null;
  const pageName = (id: string) =>
    pages.find((page) => page.id === id)?.name ?? "a status page";
  return (
    <Section
      title="Customers"
      action={
        mayTell && (
          <ButtonLink
            to="/status-pages/tell"
            search={{ incident_id: incident.id }}
            variant="default"
            size="compact-md"
            leftSection={<IconSpeakerphone size={16} />}
          >
            Tell customers
          </ButtonLink>
        )
      }
    >
      {told.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing has been told outside about this.
        </Text>
      )}
      {told.map(({ id, name, status, page_id, updated_at }) => (
        <Group key={id} gap={6}>
          <TextLink
            to="/status-incidents/$statusIncidentId"
            params={{ statusIncidentId: id }}
            size="sm"
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {status} on {pageName(page_id)}, <Ago at={updated_at} />
          </Text>
        </Group>
      ))}
    </Section>
  );
}
