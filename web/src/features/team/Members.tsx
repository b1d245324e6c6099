import { ActionIcon, Select, Text } from "@mantine/core";
import { IconUserMinus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteMember,
  type MemberOut,
  putMember,
  type Role,
  type TeamOut,
} from "../../api/generated";
import { membersQuery } from "../../api/queries";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { PersonSelect } from "../../ui/PersonSelect";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastUndo } from "../../ui/toast";
import { ROLES, roleName } from "./queries";

interface Props {
  team: TeamOut;
  mayEdit: boolean;
}

interface Change {
  userId: string;
  /** none: out of the team */
  role?: Role;
}

function useChange(team: TeamOut) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ userId, role }: Change) => {
      const path = { team_id: team.id, user_id: userId };
      if (role) await putMember({ path, body: { role } });
      else await deleteMember({ path });
    },
    onSettled: () =>
      Promise.all(
        [["teams"], ["users"], ["me"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  }).mutate;
}

/** Who is in the team, and what they may do. */
export function Members({ team, mayEdit }: Props) {
  const query = useQuery(membersQuery(team.id));
  const change = useChange(team);
  const remove = ({ user, role }: MemberOut) =>
    change(
      { userId: user.id },
      {
        onSuccess: () =>
          toastUndo(`${user.name} is no longer in ${team.name}`, () =>
            change({ userId: user.id, role }),
          ),
      },
    );
  return (
    <Section title="People">
      <Loaded what="The members" query={query}>
        {(members) => (
          <>
            {members.length === 0 ? (
              <Text size="sm" c="dimmed">
                Nobody yet{mayEdit && ": add the first one"}.
              </Text>
            ) : (
              <Rows label="Members">
                {members.map((member) => (
                  <MemberRow
                    key={member.user.id}
                    member={member}
                    mayEdit={mayEdit}
                    onRole={(role) => change({ userId: member.user.id, role })}
                    onRemove={() => remove(member)}
                  />
                ))}
              </Rows>
            )}
            {mayEdit && (
              <PersonSelect
                aria-label="Add a person to the team"
                placeholder="Add a person to the team"
                except={members.map(({ user }) => user.id)}
                onPick={({ id }) => change({ userId: id, role: "responder" })}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface RowProps {
  member: MemberOut;
  mayEdit: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function MemberRow({ member, mayEdit, onRole, onRemove }: RowProps) {
  const { user, email, role } = member;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/team/users/$userId"
            params={{ userId: user.id }}
            fw={600}
          >
            {user.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {email}
          </Text>
        </>
      }
      side={
        mayEdit ? (
          <>
            <Select
              aria-label={`Role of ${user.name}`}
              data={ROLES}
              value={role}
              allowDeselect={false}
              w={150}
              comboboxProps={{ width: 300, position: "bottom-end" }}
              renderOption={({ option }) => (
                <div>
                  <Text size="sm">{option.label}</Text>
                  <Text size="xs" c="dimmed">
                    {ROLES.find(({ value }) => value === option.value)?.means}
                  </Text>
                </div>
              )}
              onChange={(wanted) => {
                const next = ROLES.find(({ value }) => value === wanted);
                if (next && next.value !== role) onRole(next.value);
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Take ${user.name} out of the team`}
              onClick={onRemove}
            >
              <IconUserMinus size={18} />
            </ActionIcon>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {roleName(role)}
          </Text>
        )
      }
    />
  );
}
