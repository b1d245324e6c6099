import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconPlus, IconRobot } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endServiceAccount, type ServiceAccountOut } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { AddProgram } from "./AddProgram";
import { NewProgramKey } from "./NewProgramKey";
import { ProgramKeys } from "./ProgramKeys";
import { programsQuery } from "./queries";

/** Service accounts: programs that act in their own name. */
export function Programs() {
  const query = useQuery(programsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Programs that act in their own name, whoever leaves.
        </Text>
        <Button
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
        >
          Add a program
        </Button>
      </Group>
      <Loaded what="The programs" query={query}>
        {(programs) =>
          programs.length === 0 ? (
            <Empty icon={<IconRobot size={40} />} title="No programs yet">
              A deployment or a script can have keys of its own.
            </Empty>
          ) : (
            <Rows label="Programs">
              {programs.map((each) => (
                <Program key={each.id} program={each} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && <AddProgram onClose={() => setAdding(false)} />}
    </Stack>
  );
}

function Program({ program }: { program: ServiceAccountOut }) {
  const queryClient = useQueryClient();
  const [keying, setKeying] = useState(false);
  const [listing, setListing] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () => endServiceAccount({ path: { account_id: program.id } }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: programsQuery.queryKey }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `End ${program.name}?`,
      children: <Text size="sm">Its keys are refused at once, for good.</Text>,
      labels: { confirm: "End it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Row
      main={
        <>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {program.name}
          </Text>
          <Text size="sm" c="dimmed">
            {[reachOf(program), keysOf(program.key_count)].join(" · ")}
          </Text>
        </>
      }
      side={
        program.deactivated_at ? (
          <Text size="sm" c="dimmed">
            Ended
          </Text>
        ) : (
          <Group gap="xs">
            {program.key_count > 0 && (
              <Button
                size="xs"
                variant="default"
                onClick={() => setListing(true)}
              >
                Keys
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => setKeying(true)}>
              New key
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={isPending}
              onClick={confirm}
            >
              End
            </Button>
            {listing && (
              <ProgramKeys
                program={program}
                onClose={() => setListing(false)}
              />
            )}
            {keying && (
              <NewProgramKey
                program={program}
                onClose={() => setKeying(false)}
              />
            )}
          </Group>
        )
      }
    />
  );
}

function reachOf({ platform_admin, teams }: ServiceAccountOut): string {
  if (platform_admin) return "Platform admin";
  if (teams.length === 0) return "Sees the installation";
  return teams
    .map(({ team, role }) => `${role.replace("_", " ")} of ${team.name}`)
    .join(", ");
}

function keysOf(count: number): string {
  if (count === 0) return "no key yet";
  return count === 1 ? "one key" : `${count} keys`;
}
