import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { deleteRunbookApprover, putRunbookApprover } from "../../api/generated";
import { membersQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { PersonSelect } from "../../ui/PersonSelect";
import { Row, Rows } from "../../ui/Rows";
import { approversQuery } from "./queries";

/** Who approves what is a team's: its admins, and whom they name. */
export function Approvers({ team }: { team: { id: string; name: string } }) {
  const mayEdit = canEditTeam(useMe(), team.id);
  const queryClient = useQueryClient();
  const query = useQuery(approversQuery(team.id));
  const members = useQuery(membersQuery(team.id)).data ?? [];
  const admins = members.filter(({ role }) => role === "team_admin");
  const { mutate } = useMutation({
    mutationFn: async ({ id, may }: { id: string; may: boolean }) => {
      const path = { team_id: team.id, user_id: id };
      if (may) await putRunbookApprover({ path });
      else await deleteRunbookApprover({ path });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  return (
    <Stack gap="sm">
      <Text size="sm">
        {admins.length > 0
          ? `As admins: ${admins.map(({ user }) => user.name).join(", ")}.`
          : `${team.name} has no admin: only platform admins and the people below approve.`}
      </Text>
      <Loaded what="The approvers" query={query}>
        {(approvers) => (
          <>
            {approvers.length > 0 && (
              <Rows label="Named approvers">
                {approvers.map(({ user, given_at }) => (
                  <Row
                    key={user.id}
                    main={
                      <Text size="sm">
                        <Text span inherit fw={600}>
                          {user.name}
                        </Text>{" "}
                        <Text span inherit c="dimmed">
                          named <Ago at={given_at} />
                        </Text>
                      </Text>
                    }
                    side={
                      mayEdit && (
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={`Take it back from ${user.name}`}
                          onClick={() => mutate({ id: user.id, may: false })}
                        >
                          Take it back
                        </Button>
                      )
                    }
                  />
                ))}
              </Rows>
            )}
            {mayEdit && (
              <Group align="end">
                <PersonSelect
                  label="Name somebody"
                  placeholder="Find a person"
                  except={approvers.map(({ user }) => user.id)}
                  onPick={({ id }) => mutate({ id, may: true })}
                />
              </Group>
            )}
            {mayEdit && approvers.length > 0 && (
              <Text size="sm" c="dimmed">
                What only somebody has approved from whom it is taken back does
                not run any more.
              </Text>
            )}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
