import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteWorkflowSecret,
  type WorkflowSecretOut,
} from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { DeleteButton } from "../../ui/DeleteButton";
import { Empty } from "../../ui/Empty";
import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { secretsQuery } from "./queries";
import { SecretModal, useOwners } from "./SecretModal";
import { WorkflowTabs } from "./WorkflowTabs";

/** The secrets that workflows may name; never their values. */
export function SecretsPage() {
  const teams = useEditableTeams();
  const lists = useQueries({
    queries: [null, ...teams.map(({ id }) => id)].map(secretsQuery),
  });
  const [adding, { open, close }] = useDisclosure();
  const mayAdd = useOwners().length > 0;
  const found = new Map(
    lists
      .flatMap(({ data }) => data ?? [])
      .map((secret) => [`${secret.team_id} ${secret.name}`, secret]),
  );
  const secrets = [...found.values()].sort((a, b) =>
    a.name.localeCompare(b.name),
  );
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Keep a secret
    </Button>
  );
  return (
    <Page title="Secrets of workflows" actions={add}>
      <WorkflowTabs here="/workflow-secrets" />
      {lists.some(({ isPending }) => isPending) ? (
        <Lines />
      ) : secrets.length === 0 ? (
        <Empty icon={<IconKey size={40} />} title="No secrets yet" action={add}>
          Tokens of Jira, Slack and others are kept here once; steps only name
          them. Values are encrypted, and are masked wherever a run shows what
          it sent.
        </Empty>
      ) : (
        <Rows label="Secrets">
          {secrets.map((secret) => (
            <SecretRow
              key={`${secret.team_id} ${secret.name}`}
              secret={secret}
            />
          ))}
        </Rows>
      )}
      <SecretModal
        opened={adding}
        onClose={close}
        teamId={null}
        name=""
        choose
      />
    </Page>
  );
}

function SecretRow({ secret }: { secret: WorkflowSecretOut }) {
  const { name, team_id: teamId, updated_at } = secret;
  const me = useMe();
  const queryClient = useQueryClient();
  const teams = useQuery(teamsQuery).data;
  const [replacing, { open, close }] = useDisclosure();
  const mayEdit = teamId ? canEditTeam(me, teamId) : me.platform_admin;
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600} ff="monospace">
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {teamId
              ? (teams?.find(({ id }) => id === teamId)?.name ?? "…")
              : "The whole installation"}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            kept <Ago at={updated_at} />
          </Text>
          {mayEdit && (
            <>
              <Button size="compact-sm" variant="default" onClick={open}>
                Replace
              </Button>
              <DeleteButton
                what={`the secret ${name}`}
                name={name}
                run={async () => {
                  await deleteWorkflowSecret({
                    path: { secret_name: name },
                    query: teamId ? { team_id: teamId } : {},
                  });
                  await queryClient.invalidateQueries({
                    queryKey: ["workflow-secrets"],
                  });
                }}
              >
                Steps that name it fail from now on.
              </DeleteButton>
              <SecretModal
                opened={replacing}
                onClose={close}
                teamId={teamId}
                name={name}
                replaces
              />
            </>
          )}
        </>
      }
    />
  );
}
