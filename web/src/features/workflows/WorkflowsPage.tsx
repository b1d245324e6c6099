import { Button, Group, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowsSplit2, IconPlus } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  changeWorkflow,
  type WorkflowOut,
  type WorkflowSummary,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { WORKFLOW_RUNS } from "../../ui/run-states";
import { StateLabel } from "../../ui/StateLabel";
import { Library } from "./Library";
import { summariesQuery, workflowsQuery } from "./queries";
import { useOwners } from "./SecretModal";
import { WorkflowTabs } from "./WorkflowTabs";
import { triggerWords } from "./words";

/** Everything that happens by itself. */
export function WorkflowsPage() {
  const query = useInfiniteQuery(workflowsQuery);
  const summaries = useQuery(summariesQuery).data;
  const mayAdd = useOwners().length > 0;
  const [choosing, { open, close }] = useDisclosure();
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New workflow
    </Button>
  );
  return (
    <Page title="Workflows" actions={add}>
      <WorkflowTabs here="/workflows" />
      <Loaded what="The workflows" query={query}>
        {({ pages }) => {
          const found = pages.flatMap(({ items }) => items);
          if (found.length === 0)
            return (
              <Empty
                icon={<IconArrowsSplit2 size={40} />}
                title="Nothing happens by itself yet"
                action={add}
              >
                A workflow begins when something happens to an incident, at a
                time, or when you press a button: it opens tickets, tells
                people, waits, asks, runs runbooks. Begin with one from the
                library, and try it on an incident of the past before you switch
                it on.
              </Empty>
            );
          return (
            <>
              <Rows label="Workflows">
                {found.map((workflow) => (
                  <WorkflowRow
                    key={workflow.id}
                    workflow={workflow}
                    summary={summaries?.find(
                      (each) => each.workflow_id === workflow.id,
                    )}
                  />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      <Library opened={choosing} onClose={close} />
    </Page>
  );
}

interface Props {
  workflow: WorkflowOut;
  summary: WorkflowSummary | undefined;
}

function WorkflowRow({ workflow, summary }: Props) {
  const { id, name, description, team, triggers } = workflow;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/workflows/$workflowId"
            params={{ workflowId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {team?.name ?? "The whole installation"}
            {description && ` · ${description}`}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" w={{ sm: 170 }}>
            {triggers.map(triggerWords).join(", ")}
          </Text>
          <LastRun summary={summary} />
          <OnOff workflow={workflow} />
        </>
      }
    />
  );
}

function LastRun({ summary }: { summary: WorkflowSummary | undefined }) {
  if (!summary)
    return (
      <Text size="sm" c="dimmed" w={{ sm: 240 }}>
        No run in 30 days
      </Text>
    );
  const { runs, failed, last_id, last_status, last_at } = summary;
  return (
    <Group gap={8} w={{ sm: 240 }}>
      <TextLink
        to="/workflow-runs/$runId"
        params={{ runId: last_id }}
        size="sm"
        c="inherit"
      >
        <StateLabel {...WORKFLOW_RUNS[last_status]} />
      </TextLink>
      <Text size="sm" c="dimmed">
        <Ago at={last_at} />
      </Text>
      <Text size="xs" c="dimmed" w="100%">
        {runs === 1 ? "1 run" : `${runs} runs`} in 30 days
        {failed > 0 && `, ${failed} failed`}
      </Text>
    </Group>
  );
}

function OnOff({ workflow }: { workflow: WorkflowOut }) {
  const me = useMe();
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (enabled: boolean) =>
      changeWorkflow({
        path: { workflow_id: workflow.id },
        body: { enabled },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["workflows"] }),
  });
  const mayEdit = workflow.team
    ? canEditTeam(me, workflow.team.id)
    : me.platform_admin;
  return (
    <Switch
      aria-label={`${workflow.name} is on`}
      checked={workflow.enabled}
      disabled={isPending || !mayEdit}
      onChange={(event) => mutate(event.currentTarget.checked)}
    />
  );
}
