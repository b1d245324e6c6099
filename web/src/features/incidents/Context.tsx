import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  getIncidentContext,
  type IncidentContext,
  type IncidentDetail,
} from "../../api/generated";
import { Lines, Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { ContextChanges } from "./ContextChanges";
import { ContextIncidents } from "./ContextIncidents";
import { ContextLinks } from "./ContextLinks";
import { linksOf, saysNothing, tierInWords } from "./context-words";
import { Suffering } from "./Suffering";

/** What may explain an incident: what to read first, what changed, what else is wrong. */
export function Context({ incident }: { incident: IncidentDetail }) {
  const query = useQuery({
    queryKey: ["incident", incident.id, "context"],
    queryFn: ({ signal }) =>
      getIncidentContext({ path: { incident_id: incident.id }, signal }),
  });
  return (
    <Section title="What may explain it">
      <Loaded what="The context" query={query} skeleton={<Lines count={3} />}>
        {(context) => <Known context={context} openedAt={incident.opened_at} />}
      </Loaded>
    </Section>
  );
}

interface KnownProps {
  context: IncidentContext;
  openedAt: string;
}

function Known({ context, openedAt }: KnownProps) {
  const { service, links, changes, upstream, downstream, similar } = context;
  const { changes_since: since, suffering, suffering_count } = context;
  const { runbooks, others } = linksOf(links);
  return (
    <Stack gap="md">
      {service.tier !== null && (
        <Text size="sm">{tierInWords(service.name, service.tier)}</Text>
      )}
      {saysNothing(context) && (
        <Text size="sm" c="dimmed">
          Nothing is known that would: no change in the day before, nothing
          wrong with what {service.name} depends on, and nothing like it
          earlier.
        </Text>
      )}
      <Part
        title="Likely cause: what it depends on"
        shown={upstream.length > 0}
      >
        <ContextIncidents incidents={upstream} />
      </Part>
      <Part title="Runbooks" shown={runbooks.length > 0}>
        <ContextLinks links={runbooks} runbooks />
      </Part>
      <Part title="Links" shown={others.length > 0}>
        <ContextLinks links={others} />
      </Part>
      <Part title="Changed in the day before" shown={changes.length > 0}>
        <ContextChanges
          changes={changes}
          serviceId={service.id}
          openedAt={openedAt}
        />
      </Part>
      <Part title="Changed since it opened" shown={since.length > 0}>
        <ContextChanges changes={since} serviceId={service.id} />
      </Part>
      <Part title="May be affected" shown={downstream.length > 0}>
        <ContextIncidents incidents={downstream} />
      </Part>
      <Part title="Who suffers" shown={suffering.length > 0}>
        <Suffering
          services={suffering}
          count={suffering_count}
          serviceId={service.id}
        />
      </Part>
      <Part title="Like it, earlier" shown={similar.length > 0}>
        <ContextIncidents incidents={similar} />
      </Part>
    </Stack>
  );
}

interface PartProps {
  title: string;
  shown: boolean;
  children: ReactNode;
}

function Part({ title, shown, children }: PartProps) {
  if (!shown) return null;
  return (
    <Stack component="section" gap={6} aria-label={title}>
      <Title order={3} fz="sm">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
