import { Button, Group, Stack, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { PlannedMaintenance, StatusPage } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { exactly } from "../../ui/spans";
import { useMay } from "./may";
import { pageQuery, workQuery } from "./queries";
import { WORKS } from "./states";
import { Updates } from "./Updates";
import { WorkActions } from "./WorkActions";
import { rruleInWords } from "./work-draft";

/** One planned work: when, what it touches, what was told about it. */
export function WorkPage() {
  const { maintenanceId } = useParams({
    from: "/frame/status-maintenances/$maintenanceId",
  });
  const query = useQuery(workQuery(maintenanceId));
  const pageId = query.data?.page_id ?? "";
  const page = useQuery({ ...pageQuery(pageId), enabled: pageId !== "" });
  if (query.data && page.data)
    return <One work={query.data} page={page.data} />;
  return (
    <Page title="Planned work">
      <Loaded what="The planned work" query={query.data ? page : query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

interface Props {
  work: PlannedMaintenance;
  page: StatusPage;
}

function One({ work, page }: Props) {
  const may = useMay(page);
  const { name, body, components, updates } = work;
  return (
    <Page
      title={name}
      actions={
        <Button
          component="a"
          href={work.url}
          target="_blank"
          rel="noopener"
          variant="default"
          leftSection={<IconExternalLink size={16} />}
        >
          As people see it
        </Button>
      }
    >
      <Stack gap={6}>
        <Group gap="md">
          <StateLabel {...WORKS[work.status]} />
          <Text size="sm" c="dimmed">
            on{" "}
            <TextLink
              to="/status-pages/$pageId"
              params={{ pageId: page.id }}
              search={{ tab: "maintenance" }}
            >
              {page.name}
            </TextLink>
          </Text>
        </Group>
        <Text size="sm">
          <At at={work.scheduled_for} /> to <At at={work.scheduled_until} />
          {work.rrule && `, ${rruleInWords(work.rrule)}`}
        </Text>
        <Text size="sm" c="dimmed">
          {how(work)}
        </Text>
        <Text size="sm">
          Touches{" "}
          {components.map((one) => one.name).join(", ") || "no component"}.
        </Text>
        {body && (
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {body}
          </Text>
        )}
      </Stack>
      {may.publish && <WorkActions work={work} page={page} />}
      <Section title="What was told">
        <Updates page={page} updates={updates} mayCorrect={may.publish} />
      </Section>
    </Page>
  );
}

/** "Begins and ends by itself; subscribers are reminded 1 d before." */
function how({ automatic, remind_s }: PlannedMaintenance): string {
  const by = automatic
    ? "Begins and ends by itself"
    : "Somebody begins and finishes it by hand";
  return remind_s
    ? `${by}; subscribers are reminded ${exactly(remind_s)} before.`
    : `${by}; nobody is reminded.`;
}
