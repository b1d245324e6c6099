import { Button, Group, Menu, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import {
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import {
  type IncidentDetail,
  listWorkflows,
  startWorkflow,
  type WorkflowRunOut,
} from "../../api/generated";
import { incidentRunsQuery, workflowRunQuery } from "../../api/queries";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { WORKFLOW_RUNS } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";
import { questionsOf, WorkflowQuestion } from "../../ui/WorkflowQuestion";

const FEW = 3;
const startableQuery = queryOptions({
  queryKey: ["workflows", "startable"],
  queryFn: ({ signal }) => listWorkflows({ query: { limit: 100 }, signal }),
  select: ({ items }) =>
    items.filter(
      ({ enabled, triggers }) => enabled && triggers.includes("manual"),
    ),
  staleTime: 60_000,
});

/** What workflows ask about this incident, above everything else. */
export function WorkflowQuestions({ incident }: { incident: IncidentDetail }) {
  const runs = useQuery(incidentRunsQuery(incident.id)).data?.items ?? [];
  const going = runs.filter(({ ended_at }) => !ended_at);
  const details = useQueries({
    queries: going.map(({ id }) => workflowRunQuery(id)),
  });
  const asked = details.flatMap(({ data }) =>
    data ? questionsOf(data).map((step) => ({ run: data, step })) : [],
  );
  return (
    <>
      {asked.map(({ run, step }) => (
        <WorkflowQuestion key={step.id} run={run} step={step} />
      ))}
    </>
  );
}

/** What workflows have done for this incident, and those that one may start. */
export function Workflows({ incident }: { incident: IncidentDetail }) {
  const runs = useQuery(incidentRunsQuery(incident.id)).data?.items ?? [];
  const startable = useQuery(startableQuery).data ?? [];
  const mine = startable.filter(
    ({ team }) => !team || team.id === incident.team.id,
  );
  const [all, setAll] = useState(false);
  const mayStart = incident.can_respond && mine.length > 0;
  if (runs.length === 0 && !mayStart) return null;
  return (
    <Section
      title="Workflows"
      action={mayStart && <Start incident={incident} workflows={mine} />}
    >
      {runs.length === 0 && (
        <Text size="sm" c="dimmed">
          None has run for it.
        </Text>
      )}
      <Stack gap={6}>
        {runs.slice(0, all ? undefined : FEW).map((run) => (
          <Run key={run.id} run={run} />
        ))}
        {!all && runs.length > FEW && (
          <Button
            variant="subtle"
            size="compact-sm"
            style={{ alignSelf: "start" }}
            onClick={() => setAll(true)}
          >
            {runs.length - FEW} more
          </Button>
        )}
      </Stack>
    </Section>
  );
}

function Run({ run }: { run: WorkflowRunOut }) {
  return (
    <div>
      <TextLink
        to="/workflow-runs/$runId"
        params={{ runId: run.id }}
        size="sm"
        fw={600}
      >
        {run.workflow.name}
      </TextLink>
      <Group gap="xs">
        <StateLabel {...WORKFLOW_RUNS[run.status]} />
        <Text size="xs" c="dimmed">
          <Ago at={run.ended_at ?? run.created_at} />
        </Text>
      </Group>
    </div>
  );
}

interface StartProps {
  incident: IncidentDetail;
  workflows: readonly { id: string; name: string }[];
}

function Start({ incident, workflows }: StartProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ id }: { id: string; name: string }) =>
      startWorkflow({
        path: { workflow_id: id },
        body: { incident_id: incident.id },
      }),
    onSuccess: (_, { name }) => {
      toastDone(`${name} has begun`);
      return queryClient.invalidateQueries({ queryKey: ["workflow-runs"] });
    },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={14} />}
          loading={isPending}
        >
          Start one
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {workflows.map((workflow) => (
          <Menu.Item key={workflow.id} onClick={() => mutate(workflow)}>
            {workflow.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
