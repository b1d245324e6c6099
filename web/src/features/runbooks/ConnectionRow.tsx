import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type Connection,
  deleteTargetConnection,
  type RunbookTarget,
  testTargetConnection,
} from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { Ago } from "../../ui/Ago";
import { CopyIcon } from "../../ui/CopyField";
import { DeleteButton } from "../../ui/DeleteButton";
import { Row } from "../../ui/Rows";
import { toastDone } from "../../ui/toast";
import { ConnectionForm } from "./ConnectionForm";

interface Props {
  connection: Connection;
  target: RunbookTarget | undefined;
}

/** One connection: where it leads, whose it is, when it was tested. */
export function ConnectionRow({ connection, target }: Props) {
  const queryClient = useQueryClient();
  const teams = useQuery(teamsQuery).data ?? [];
  const [editing, { open, close }] = useDisclosure();
  const { id, name, team, networks, hint_path: hint } = connection;
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["target-connections"] });
  const test = useMutation({
    mutationFn: () => testTargetConnection({ path: { connection_id: id } }),
    onSuccess: () => toastDone(`${name} still takes the credentials`),
    onSettled: refresh,
  });
  const others = connection.team_ids.map(
    (each) => teams.find((one) => one.id === each)?.name ?? "another team",
  );
  const { api_url: address } = connection.values;
  return (
    <Row
      main={
        <>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {target?.title ?? connection.kind}
            {typeof address === "string" && ` · ${address}`}
          </Text>
          <Text size="sm" c="dimmed">
            {team ? [team.name, ...others].join(", ") : "All teams"} · tested{" "}
            <Ago at={connection.tested_at} />
            {networks.length > 0 && ` · may reach ${networks.join(", ")}`}
          </Text>
          {hint && (
            <Group gap={4}>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                Its notifications may go to {`${location.origin}${hint}`}
              </Text>
              <CopyIcon
                label={`the address for notifications of ${name}`}
                value={`${location.origin}${hint}`}
              />
            </Group>
          )}
        </>
      }
      side={
        connection.can_edit && (
          <Group gap="xs">
            <Button
              variant="default"
              size="xs"
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Test
            </Button>
            <Button variant="default" size="xs" onClick={open}>
              Edit
            </Button>
            <DeleteButton
              what="the connection"
              name={name}
              run={async () => {
                await deleteTargetConnection({ path: { connection_id: id } });
                await refresh();
              }}
            >
              Its credentials are forgotten, and nothing runs through it any
              more. Runbooks that have no other connection cannot run.
            </DeleteButton>
            {editing && target && (
              <ConnectionForm
                targets={[target]}
                kept={connection}
                onClose={close}
              />
            )}
          </Group>
        )
      }
    />
  );
}
