import { Group, Switch, Tabs, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  changeWorkflow,
  deleteWorkflow,
  type WorkflowOut,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { graphOf } from "./graph";
import { HeldBack } from "./HeldBack";
import { placed } from "./layout";
import { NewWorkflow } from "./NewWorkflow";
import { versionQuery, vocabularyQuery, workflowQuery } from "./queries";
import { Runs } from "./Runs";
import { SavedEditor } from "./SavedEditor";
import { Settings } from "./Settings";
import { StartButton } from "./StartButton";
import { Versions } from "./Versions";

const TABS = {
  graph: "Graph",
  runs: "Runs",
  versions: "Versions",
  settings: "Settings",
};

/** One workflow: its graph, its runs, its versions. */
export function WorkflowPage() {
  const { workflowId } = useParams({ from: "/frame/workflows/$workflowId" });
  return workflowId === "new" ? (
    <NewWorkflow />
  ) : (
    <Existing key={workflowId} id={workflowId} />
  );
}

function Existing({ id }: { id: string }) {
  const query = useQuery(workflowQuery(id));
  const workflow = query.data;
  if (!workflow)
    return (
      <Page title="Workflow">
        <Loaded what="The workflow" query={query}>
          {() => null}
        </Loaded>
      </Page>
    );
  return <Workflow workflow={workflow} />;
}

function Workflow({ workflow }: { workflow: WorkflowOut }) {
  const me = useMe();
  const mayEdit = workflow.team
    ? canEditTeam(me, workflow.team.id)
    : me.platform_admin;
  const search: Record<string, string> = useSearch({
    from: "/frame/workflows/$workflowId",
  });
  const navigate = useNavigate();
  const tab = search.tab ?? "graph";
  const { id, name } = workflow;
  return (
    <Page
      title={name}
      actions={
        <>
          <OnOff workflow={workflow} mayEdit={mayEdit} />
          {workflow.triggers.includes("manual") && (
            <StartButton workflow={workflow} />
          )}
          {mayEdit && <Remove workflow={workflow} />}
        </>
      }
    >
      <Group gap="xs" mt={-8}>
        <Text size="sm" c="dimmed">
          {workflow.team?.name ?? "The whole installation"}
          {workflow.version !== null && ` · version ${workflow.version}`}
        </Text>
        {workflow.description && <Text size="sm">{workflow.description}</Text>}
      </Group>
      <HeldBack workflow={workflow} />
      <Tabs
        value={tab}
        onChange={(next) =>
          void navigate({
            to: "/workflows/$workflowId",
            params: { workflowId: id },
            search: { tab: next === "graph" ? "" : (next ?? "") },
            replace: true,
          })
        }
      >
        <Tabs.List mb="md">
          {Object.entries(TABS).map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tab === "graph" && <GraphTab workflow={workflow} mayEdit={mayEdit} />}
        {tab === "runs" && <Runs workflow={workflow} />}
        {tab === "versions" && (
          <Versions workflow={workflow} mayEdit={mayEdit} />
        )}
        {tab === "settings" && (
          <Settings key={id} workflow={workflow} mayEdit={mayEdit} />
        )}
      </Tabs>
    </Page>
  );
}

function GraphTab({
  workflow,
  mayEdit,
}: {
  workflow: WorkflowOut;
  mayEdit: boolean;
}) {
  const version = useQuery(versionQuery(workflow.id, workflow.version ?? 0));
  const vocabulary = useQuery(vocabularyQuery);
  return (
    <Loaded what="The kinds of steps" query={vocabulary}>
      {(words) => (
        <Loaded what="The graph" query={version}>
          {({ content, number }) => (
            <SavedEditor
              // what was being drawn on the version before is not this one's
              key={number}
              workflow={workflow}
              saved={placed(graphOf(content))}
              vocabulary={words}
              mayEdit={mayEdit}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function OnOff({
  workflow,
  mayEdit,
}: {
  workflow: WorkflowOut;
  mayEdit: boolean;
}) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (enabled: boolean) =>
      changeWorkflow({
        path: { workflow_id: workflow.id },
        body: { enabled },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["workflows"] }),
  });
  return (
    <Switch
      label={workflow.enabled ? "On" : "Off"}
      aria-label={`${workflow.name} is on`}
      checked={workflow.enabled}
      disabled={isPending || !mayEdit}
      onChange={(event) => mutate(event.currentTarget.checked)}
    />
  );
}

function Remove({ workflow }: { workflow: WorkflowOut }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <DeleteButton
      what="the workflow"
      name={workflow.name}
      run={async () => {
        await deleteWorkflow({ path: { workflow_id: workflow.id } });
        await navigate({ to: "/workflows" });
        await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      }}
    >
      Nothing starts it any more. Runs that go on come to their end, and those
      that were can still be looked at.
    </DeleteButton>
  );
}
