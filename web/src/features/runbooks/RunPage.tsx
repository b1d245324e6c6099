import { Alert, Anchor, Button, Code, Group, Text } from "@mantine/core";
import { IconHammer, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { cancelRunbookRun, type RunOut } from "../../api/generated";
import { canRespond, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Labels } from "../../ui/Labels";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { isOver, RUN_STATES } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { Output } from "./Output";
import { runQuery } from "./queries";

/** One run: how it goes, what it prints, what came back. */
export function RunPage() {
  const { runId } = useParams({ from: "/frame/runbooks/runs/$runId" });
  const query = useQuery(runQuery(runId));
  if (query.data) return <OneRun run={query.data} />;
  return (
    <Page title="Run">
      <Loaded what="The run" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneRun({ run }: { run: RunOut }) {
  return (
    <Page title={run.name} actions={<Cancel run={run} />}>
      <Group gap="md" role="status" aria-label="State of the run">
        <StateLabel {...RUN_STATES[run.state]} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {run.cancelling
            ? "Asked to stop; it is over once the target says so."
            : run.outcome || WAITING[run.state]}
        </Text>
      </Group>
      {run.emergency_id && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconHammer aria-hidden />}
          title="Nobody had approved what ran"
        >
          Two people broke glass for this incident; its version says who and
          why.
        </Alert>
      )}
      <Output runId={run.id} />
      <Section title="About this run">
        <Facts>
          <Fact name="Runbook">
            <TextLink
              to="/runbooks/$runbookId/versions/$number"
              params={{
                runbookId: run.runbook_id,
                number: String(run.version),
              }}
            >
              {run.name}, version {run.version}
            </TextLink>
          </Fact>
          {run.incident_id && (
            <Fact name="Incident">
              <TextLink
                to="/incidents/$incidentId"
                params={{ incidentId: run.incident_id }}
              >
                Back to the incident
              </TextLink>
            </Fact>
          )}
          <Fact name="Started by">
            {run.started_by}
            {run.automatic && ", by itself"}, <Ago at={run.created_at} />
          </Fact>
          <Fact name="Parameters">
            {Object.keys(run.parameters).length > 0 ? (
              <Labels labels={run.parameters} />
            ) : (
              "none"
            )}
          </Fact>
          {run.finished_at ? (
            <Fact name="Over">
              <Ago at={run.finished_at} />
            </Fact>
          ) : (
            <Fact name="Ends at the latest">
              <Ago at={run.ends_at} />
            </Fact>
          )}
          {run.external_url && /^https?:/.test(run.external_url) && (
            <Fact name="At the target">
              <Anchor
                href={run.external_url}
                target="_blank"
                rel="noopener noreferrer"
                size="sm"
                style={{ overflowWrap: "anywhere" }}
              >
                {run.external_url}
              </Anchor>
            </Fact>
          )}
          {run.external_revision && (
            <Fact name="Revision that ran">
              <Code>{run.external_revision}</Code>
            </Fact>
          )}
          {run.result && Object.keys(run.result).length > 0 && (
            <Fact name="Result">
              <Labels labels={run.result} />
            </Fact>
          )}
        </Facts>
      </Section>
    </Page>
  );
}

const WAITING: Record<RunOut["state"], string> = {
  queued: "It starts as soon as a worker has asked the target.",
  running: "The target has taken it.",
  succeeded: "",
  failed: "",
  timed_out: "Nothing was heard of it in time. It may still be going on there.",
  cancelled: "",
  unknown:
    "Nobody knows whether it has begun. Look at the target before you run it again.",
};

function Cancel({ run }: { run: RunOut }) {
  const me = useMe();
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => cancelRunbookRun({ path: { run_id: run.id } }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["runbook-runs"] }),
  });
  const mayCancel = run.team_id
    ? canRespond(me, run.team_id)
    : me.platform_admin || me.memberships.length > 0;
  if (isOver(run.state) || !mayCancel) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={16} />}
      loading={isPending}
      disabled={run.cancelling}
      onClick={() => mutate()}
    >
      {run.cancelling ? "Cancelling…" : "Cancel the run"}
    </Button>
  );
}
