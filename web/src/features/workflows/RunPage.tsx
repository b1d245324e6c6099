import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBan, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import {
  cancelWorkflowRun,
  pauseWorkflowRun,
  resumeWorkflowRun,
  type WorkflowRunDetail,
  type WorkflowVocabulary,
} from "../../api/generated";
import { workflowRunQuery } from "../../api/queries";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Lines, Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Problem } from "../../ui/Problem";
import { WORKFLOW_RUNS } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { questionsOf, WorkflowQuestion } from "../../ui/WorkflowQuestion";
import { vocabularyQuery } from "./queries";
import { tookOf } from "./RunRow";
import { RunSteps } from "./RunSteps";
import { triggerWords } from "./words";

// a phone that is asked something needs no canvas
const RunGraph = lazy(() => import("./RunGraph"));

/** One run: what it asks, where in the graph it is, every step with what went in and out. */
export function RunPage() {
  const { runId } = useParams({ from: "/frame/workflow-runs/$runId" });
  const query = useQuery(workflowRunQuery(runId));
  const vocabulary = useQuery(vocabularyQuery);
  if (!query.data || !vocabulary.data)
    return (
      <Page title="Run">
        <Loaded what="The run" query={query}>
          {() => (
            <Loaded what="The kinds of steps" query={vocabulary}>
              {() => null}
            </Loaded>
          )}
        </Loaded>
      </Page>
    );
  return <Run run={query.data} vocabulary={vocabulary.data} />;
}

interface Props {
  run: WorkflowRunDetail;
  vocabulary: WorkflowVocabulary;
}

function Run({ run, vocabulary }: Props) {
  const small = useMediaQuery("(max-width: 47.99em)", undefined, {
    getInitialValueInEffect: false,
  });
  const [selected, setSelected] = useState<string | null>(null);
  const [drawn, setDrawn] = useState(!small);
  const { id, name, version } = run.workflow;
  return (
    <Page title={name} actions={<Steer run={run} />}>
      {questionsOf(run).map((step) => (
        <WorkflowQuestion key={step.id} run={run} step={step} />
      ))}
      <Group gap="md">
        <StateLabel {...WORKFLOW_RUNS[run.status]} />
        <Text size="sm" c="dimmed">
          began <Ago at={run.started_at ?? run.created_at} />
          {tookOf(run) && `, took ${tookOf(run)}`}
        </Text>
      </Group>
      <Problem text={run.error ?? undefined} />
      <Facts>
        <Fact name="Started by">
          {run.started_by} ({triggerWords(run.trigger_kind)})
        </Fact>
        {run.incident_id && (
          <Fact name="For">
            <TextLink
              to="/incidents/$incidentId"
              params={{ incidentId: run.incident_id }}
              inherit
            >
              the incident
            </TextLink>
          </Fact>
        )}
        <Fact name="Follows">
          <TextLink
            to="/workflows/$workflowId"
            params={{ workflowId: id }}
            inherit
          >
            {name}
          </TextLink>
          , version {version}
        </Fact>
        {run.concurrency_key && (
          <Fact name="One at a time for">{run.concurrency_key}</Fact>
        )}
      </Facts>
      <Stack gap="xs">
        {small && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            ta="left"
            aria-expanded={drawn}
            onClick={() => setDrawn(!drawn)}
          >
            {drawn ? "Hide the graph" : "Show the graph"}
          </Anchor>
        )}
        {drawn && (
          <Suspense fallback={<Lines />}>
            <RunGraph
              run={run}
              vocabulary={vocabulary}
              selected={selected}
              onSelect={setSelected}
            />
          </Suspense>
        )}
      </Stack>
      <Section title="Steps">
        <RunSteps run={run} vocabulary={vocabulary} selected={selected} />
      </Section>
    </Page>
  );
}

function Steer({ run }: { run: WorkflowRunDetail }) {
  const queryClient = useQueryClient();
  const path = { workflow_run_id: run.id };
  const { mutate, isPending } = useMutation({
    mutationFn: (verb: typeof cancelWorkflowRun) => verb({ path }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["workflow-runs"] }),
  });
  if (run.ended_at) return null;
  return (
    <>
      {run.status === "paused" ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
          disabled={isPending}
          onClick={() => mutate(resumeWorkflowRun)}
        >
          Go on
        </Button>
      ) : (
        run.status === "running" && (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} />}
            title="Begin no further step until it goes on"
            disabled={isPending}
            onClick={() => mutate(pauseWorkflowRun)}
          >
            Pause
          </Button>
        )
      )}
      <Button
        variant="default"
        leftSection={<IconBan size={16} />}
        title="Do nothing more in it"
        disabled={isPending}
        onClick={() => mutate(cancelWorkflowRun)}
      >
        Cancel the run
      </Button>
    </>
  );
}
