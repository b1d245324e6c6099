import { Button, Group, Stack, Tabs, Text } from "@mantine/core";
import { IconExternalLink, IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { StatusPage } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { StateLabel } from "../../ui/StateLabel";
import { Layout } from "./Layout";
import { useMay } from "./may";
import { pageQuery } from "./queries";
import { Settings } from "./Settings";
import { Subscribers } from "./Subscribers";
import { STATES, worst } from "./states";
import { Templates } from "./Templates";
import { Told } from "./Told";
import { Uptime } from "./Uptime";
import { Works } from "./Works";

interface Part {
  title: string;
  shows: ComponentType<{ page: StatusPage }>;
  /** for those who set the page up */
  editorsOnly?: boolean;
}

const PARTS: Readonly<Record<string, Part>> = {
  incidents: { title: "Incidents", shows: Told },
  maintenance: { title: "Maintenance", shows: Works },
  components: { title: "Components", shows: Layout },
  history: { title: "History", shows: Uptime },
  subscribers: {
    title: "Subscribers",
    shows: Subscribers,
    editorsOnly: true,
  },
  templates: { title: "Templates", shows: Templates },
  settings: { title: "Settings", shows: Settings, editorsOnly: true },
};

/** One status page: what is told on it, and how it is set up. */
export function StatusPagePage() {
  const { pageId } = useParams({ from: "/frame/status-pages/$pageId" });
  const query = useQuery(pageQuery(pageId));
  if (query.data) return <OnePage page={query.data} />;
  return (
    <Page title="Status page">
      <Loaded what="The status page" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OnePage({ page }: { page: StatusPage }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/status-pages/$pageId",
  });
  const navigate = useNavigate();
  const may = useMay(page);
  const parts = Object.entries(PARTS).filter(
    ([, { editorsOnly }]) => !editorsOnly || may.edit,
  );
  const bare = page.components.length === 0;
  const tab = search.tab ?? (bare ? "components" : "incidents");
  return (
    <Page title={page.name} actions={<Actions page={page} />}>
      <Group gap="md">
        <StateLabel {...STATES[worst(page.components.map((c) => c.state))]} />
        <Text size="sm" c="dimmed">
          {page.team?.name ?? "The whole installation"} ·{" "}
          {page.visibility === "private" ? "private" : "public"} ·{" "}
          {page.domain ?? `/s/${page.slug}/`}
        </Text>
      </Group>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({
            to: "/status-pages/$pageId",
            params: { pageId: page.id },
            search: { tab: next ?? "" },
          })
        }
      >
        <Tabs.List mb="md">
          {parts.map(([name, { title }]) => (
            <Tabs.Tab key={name} value={name} px={{ base: 6, sm: "md" }}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map(([name, { shows: Shown }]) => (
          <Tabs.Panel key={name} value={name}>
            <Stack gap="md">
              <Shown page={page} />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}

function Actions({ page }: { page: StatusPage }) {
  const may = useMay(page);
  return (
    <>
      <Button
        component="a"
        href={page.url}
        target="_blank"
        rel="noopener"
        variant="default"
        leftSection={<IconExternalLink size={16} />}
      >
        See the page
      </Button>
      {may.publish && (
        <ButtonLink
          to="/status-pages/tell"
          search={{ page_id: page.id }}
          leftSection={<IconSpeakerphone size={16} />}
        >
          Tell customers
        </ButtonLink>
      )}
    </>
  );
}
