import { Alert, Grid, Group, Stack, Text } from "@mantine/core";
import { IconHandStop, IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { archiveRunbook, type RunbookDetail } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Markdown } from "../../ui/Markdown";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { AllStopped } from "./AllStopped";
import { ContentFacts } from "./ContentFacts";
import { ParametersPreview } from "./ParametersPreview";
import { runbookQuery, runsQuery, versionQuery } from "./queries";
import { RunRows } from "./RunRows";
import { StopSwitch } from "./StopSwitch";
import { Versions } from "./Versions";
import { CLASSES, VERSION_STATES } from "./words";

/** One runbook: what it does, what may run of it, its history and its runs. */
export function RunbookPage() {
  const { runbookId } = useParams({ from: "/frame/runbooks/$runbookId" });
  const query = useQuery(runbookQuery(runbookId));
  if (query.data) return <OneRunbook runbook={query.data} />;
  return (
    <Page title="Runbook">
      <Loaded what="The runbook" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneRunbook({ runbook }: { runbook: RunbookDetail }) {
  const { id, name, team, approved, latest, can_write, run_class } = runbook;
  return (
    <Page
      title={name}
      actions={
        <>
          {approved !== null && !runbook.stopped_at && (
            <ButtonLink
              to="/runbooks/$runbookId/run"
              params={{ runbookId: id }}
              leftSection={<IconPlayerPlay size={16} />}
            >
              Run it
            </ButtonLink>
          )}
          {can_write && (
            <>
              <ButtonLink
                to="/runbooks/$runbookId/edit"
                params={{ runbookId: id }}
                variant="default"
                leftSection={<IconPencil size={16} />}
              >
                Edit
              </ButtonLink>
              <StopSwitch runbook={runbook} />
              <Archive runbook={runbook} />
            </>
          )}
        </>
      }
    >
      <Group gap="md">
        <StateLabel {...CLASSES[run_class]} />
        <Text size="sm" c="dimmed">
          {team?.name ?? "All teams"}
        </Text>
      </Group>
      <AllStopped />
      {runbook.stopped_at && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconHandStop aria-hidden />}
          title="This runbook is stopped"
        >
          {runbook.stopped_reason} (<Ago at={runbook.stopped_at} />
          ). It does not start until somebody lets it go again.
        </Alert>
      )}
      <Grid gap={{ base: "md", md: "xl" }}>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Current
            id={id}
            number={approved ?? latest}
            runs={approved !== null}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Versions runbook={runbook} />
            <LastRuns id={id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** The version that runs, or the newest one while none does. */
function Current(props: { id: string; number: number; runs: boolean }) {
  const { id, number, runs } = props;
  const query = useQuery(versionQuery(id, number));
  return (
    <Loaded what="The version" query={query}>
      {(version) => (
        <Stack gap="lg">
          <Group gap="xs">
            <StateLabel {...VERSION_STATES[version.state]} />
            <Text size="sm" c="dimmed">
              {runs
                ? `Version ${number} is the one that runs.`
                : `Version ${number} is the newest; nothing of it runs before it is approved.`}
            </Text>
            {version.state !== "approved" && (
              <TextLink
                to="/runbooks/$runbookId/versions/$number"
                params={{ runbookId: id, number: String(number) }}
                size="sm"
              >
                {version.state === "in_review" ? "Review it" : "Look at it"}
              </TextLink>
            )}
          </Group>
          <Section title="What it does">
            {version.content.description ? (
              <Markdown text={version.content.description} />
            ) : (
              <Text size="sm" c="dimmed">
                Nobody has described it. Whoever runs it has just been woken:
                say what it does, and how to tell that it has worked.
              </Text>
            )}
          </Section>
          <Section title="Parameters">
            <ParametersPreview
              key={version.content_hash}
              schema={version.content.parameters}
            />
          </Section>
          <Section title="What runs">
            <ContentFacts content={version.content} />
          </Section>
        </Stack>
      )}
    </Loaded>
  );
}

function LastRuns({ id }: { id: string }) {
  const query = useInfiniteQuery(runsQuery({ runbook_id: id }));
  return (
    <Section title="Runs">
      <Loaded what="Its runs" query={query}>
        {({ pages }) => {
          const runs = pages[0]?.items.slice(0, 5) ?? [];
          if (runs.length === 0)
            return (
              <Text size="sm" c="dimmed">
                It has never run.
              </Text>
            );
          return (
            <>
              <RunRows runs={runs} short />
              <TextLink to="/runbooks/runs" search={{ runbook: id }} size="sm">
                All its runs
              </TextLink>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Archive({ runbook }: { runbook: RunbookDetail }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the runbook"
      name={runbook.name}
      run={async () => {
        await archiveRunbook({ path: { runbook_id: runbook.id } });
        await navigate({ to: "/runbooks" });
        await queryClient.invalidateQueries({ queryKey: ["runbooks"] });
      }}
    >
      It leaves the library and never runs again. Its runs and its audit stay.
    </DeleteButton>
  );
}
