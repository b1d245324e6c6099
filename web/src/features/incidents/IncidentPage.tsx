import { Grid, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { IncidentDetail } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Alerts } from "./Alerts";
import { Context } from "./Context";
import { IncidentHead } from "./IncidentHead";
import { Ladder } from "./Ladder";
import { Noise } from "./Noise";
import { Postmortems } from "./Postmortems";
import { incidentQuery } from "./queries";
import { Related } from "./Related";
import { Responders } from "./Responders";
import { Runbooks } from "./Runbooks";
import { Timeline } from "./Timeline";
import { ToldOutside } from "./ToldOutside";
import { useIncidentKeys } from "./use-incident-keys";
import { useSeenInLists } from "./use-seen-in-lists";
import { useWithUnsent } from "./use-with-unsent";
import { What } from "./What";
import { WorkflowQuestions, Workflows } from "./Workflows";

/** One incident: what, who, timeline, alerts, related. */
export function IncidentPage() {
  const { incidentId } = useParams({ from: "/frame/incidents/$incidentId" });
  const queryClient = useQueryClient();
  const asked = useQuery(incidentQuery(incidentId));
  const seen = useSeenInLists(incidentId);
  const withUnsent = useWithUnsent();
  // addresses have numbers, live updates name ids: from here on it goes by its id
  const id = asked.data?.id;
  const byId = useQuery({ ...incidentQuery(id ?? ""), enabled: Boolean(id) });
  useEffect(() => {
    if (!asked.data || asked.data.id === incidentId) return;
    const key = incidentQuery(asked.data.id).queryKey;
    queryClient.setQueryData(key, (known) => known ?? asked.data);
  }, [asked.data, incidentId, queryClient]);

  const query = byId.data ? byId : asked;
  const data = query.data ?? (query.error ? seen : undefined);
  return (
    <Loaded what={`Incident ${incidentId}`} query={{ ...query, data }}>
      {(incident) => <Incident incident={withUnsent(incident)} />}
    </Loaded>
  );
}

function Incident({ incident }: { incident: IncidentDetail }) {
  const noteBox = useRef<HTMLTextAreaElement>(null);
  useIncidentKeys(incident, noteBox);
  const { id, number, title, can_respond: canRespond } = incident;
  return (
    <Page
      title={`#${number} ${title}`}
      head={<IncidentHead incident={incident} />}
    >
      <Grid gap={{ base: "md", md: "xl" }}>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <WorkflowQuestions incident={incident} />
            <What incident={incident} />
            <ToldOutside incident={incident} />
            <Section title="Who is told" hiddenFrom="md">
              <Ladder incident={incident} />
              <Responders incident={incident} />
            </Section>
            <Section title="Timeline">
              <Timeline
                key={id}
                incident={incident}
                canNote={canRespond}
                noteBox={noteBox}
              />
            </Section>
            <Alerts incident={incident} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Section title="Who is told" visibleFrom="md">
              <Ladder incident={incident} />
              <Responders incident={incident} />
            </Section>
            <Workflows incident={incident} />
            <Context key={id} incident={incident} />
            <Noise key={`noise of ${id}`} incident={incident} />
            <Postmortems incident={incident} />
            <Runbooks incident={incident} />
            <Related incident={incident} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
