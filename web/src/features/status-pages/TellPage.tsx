import { Select, Stack, Text } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StatusPageSummary } from "../../api/generated";
import { statusPagesQuery } from "../../api/queries";
import { canRespond, useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { ownIncidentQuery, pageQuery, proposalQuery } from "./queries";
import { TellForm } from "./TellForm";

/** Tell people outside about something new; from an incident of ours, or alone. */
export function TellPage() {
  const me = useMe();
  const query = useQuery(statusPagesQuery);
  const mayTell = ({ team }: StatusPageSummary) =>
    team ? canRespond(me, team.id) : me.platform_admin;
  return (
    <Page title="Tell customers">
      <Loaded what="The status pages" query={query}>
        {(all) => {
          const mine = all.filter(mayTell);
          if (mine.length === 0) return <NoPage any={all.length > 0} />;
          return <Tell pages={mine} />;
        }}
      </Loaded>
    </Page>
  );
}

function NoPage({ any }: { any: boolean }) {
  return (
    <Empty
      icon={<IconSpeakerphone size={40} />}
      title={any ? "No page that you may publish on" : "No status page yet"}
      action={
        <ButtonLink to="/status-pages">
          {any ? "See the status pages" : "Set a page up"}
        </ButtonLink>
      }
    >
      {any
        ? "Responders of a team publish on its pages, platform admins on those of the installation. Ask one of them."
        : "Customers are told on a status page: its components, what is wrong with them, and what you do about it."}
    </Empty>
  );
}

function Tell({ pages }: { pages: StatusPageSummary[] }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/status-pages/tell",
  });
  const navigate = useNavigate();
  const incidentId = search.incident_id;
  const chosen = pages.find(({ id }) => id === search.page_id) ?? pages[0];
  if (!chosen) return null;
  return (
    <Stack gap="md" maw={720}>
      {incidentId && <About incidentId={incidentId} />}
      {pages.length > 1 ? (
        <Select
          label="On the page"
          data={pages.map(({ id, name }) => ({ value: id, label: name }))}
          allowDeselect={false}
          value={chosen.id}
          onChange={(id) =>
            void navigate({
              to: "/status-pages/tell",
              search: { ...search, page_id: id ?? "" },
              replace: true,
            })
          }
        />
      ) : (
        <Text size="sm">
          On{" "}
          <TextLink to="/status-pages/$pageId" params={{ pageId: chosen.id }}>
            {chosen.name}
          </TextLink>
          , {chosen.visibility === "private" ? "a private" : "a public"} page
        </Text>
      )}
      <OnPage key={chosen.id} pageId={chosen.id} incidentId={incidentId} />
    </Stack>
  );
}

function About({ incidentId }: { incidentId: string }) {
  const incident = useQuery(ownIncidentQuery(incidentId)).data;
  if (!incident) return null;
  return (
    <Text size="sm">
      About{" "}
      <TextLink
        to="/incidents/$incidentId"
        params={{ incidentId: String(incident.number) }}
      >
        #{incident.number} {incident.title}
      </TextLink>
      . Nothing of it is shown outside but what you write here.
    </Text>
  );
}

interface OnPageProps {
  pageId: string;
  incidentId: string | undefined;
}

function OnPage({ pageId, incidentId }: OnPageProps) {
  const asked = incidentId ? { incident_id: incidentId } : {};
  const [page, proposal] = useQueries({
    queries: [
      pageQuery(pageId),
      // asked once: what is being written is not taken away
      { ...proposalQuery(pageId, asked), refetchOnWindowFocus: false },
    ],
  });
  return (
    <Loaded what="The status page" query={page}>
      {(whole) => (
        <Loaded what="The words" query={proposal}>
          {(words) => (
            <TellForm page={whole} proposal={words} incidentId={incidentId} />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
