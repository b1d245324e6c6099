import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createServiceAccount, type Role } from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { Problem } from "../../ui/Problem";
import { programsQuery } from "./queries";

const ROLES: { value: Role; label: string }[] = [
  { value: "responder", label: "Responder: acts on incidents" },
  { value: "team_admin", label: "Team admin: changes what is the team's" },
  { value: "observer", label: "Observer: only sees" },
];

/** A new program: in a team with a role, or one that sees the installation. */
export function AddProgram({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const teams = useQuery(teamsQuery);
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [teamId, setTeamId] = useState<string | null>(null);
  const [role, setRole] = useState<Role>("responder");
  const { mutate, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () =>
      createServiceAccount({ body: { name, team_id: teamId, role } }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: programsQuery.queryKey });
      onClose();
    },
  });
  const own = new Set(
    me.memberships
      .filter((one) => one.role === "team_admin")
      .map((one) => one.team.id),
  );
  const choices = (teams.data ?? []).filter(
    ({ id }) => me.platform_admin || own.has(id),
  );
  return (
    <Modal opened onClose={onClose} title="Add a program">
      <Stack>
        <TextInput
          label="Name"
          placeholder="Deployments"
          required
          value={name}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Team"
          placeholder={
            me.platform_admin ? "None: it sees the installation" : "Choose one"
          }
          clearable={me.platform_admin}
          data={choices.map(({ id, name: label }) => ({ value: id, label }))}
          value={teamId}
          onChange={setTeamId}
        />
        {teamId && (
          <Select
            label="Role"
            data={ROLES}
            value={role}
            allowDeselect={false}
            onChange={(value) =>
              setRole(ROLES.find((one) => one.value === value)?.value ?? role)
            }
          />
        )}
        <Problem text={error?.message} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!name.trim()}
            loading={isPending}
            onClick={() => mutate()}
          >
            Add it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
