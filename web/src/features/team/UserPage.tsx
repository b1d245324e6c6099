import { Anchor, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { UserOut } from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { ContactMethods } from "./ContactMethods";
import { Deactivation } from "./Deactivation";
import { OwnShifts } from "./OwnShifts";
import { roleName, userQuery } from "./queries";
import { ResetFactors } from "./ResetFactors";
import { UserForm } from "./UserForm";
import { UserState } from "./UserState";

/** One person: their teams, how they are reached, when they are on call. */
export function UserPage() {
  const { userId } = useParams({ from: "/frame/team/users/$userId" });
  const query = useQuery(userQuery(userId));
  if (query.data) return <OneUser user={query.data} />;
  return (
    <Page title="Person">
      <Loaded what="The person" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneUser({ user }: { user: UserOut }) {
  const me = useMe();
  const [editing, { open, close }] = useDisclosure();
  const mine = me.id === user.id;
  const maySeeContacts =
    mine ||
    me.platform_admin ||
    user.teams.some(({ team }) => canEditTeam(me, team.id));
  return (
    <Page
      title={user.name}
      actions={
        <>
          {mine && (
            <ButtonLink to="/me" variant="default">
              My settings
            </ButtonLink>
          )}
          {me.platform_admin && (
            <>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} />}
                onClick={open}
              >
                Edit
              </Button>
              {!mine && (
                <>
                  <ResetFactors user={user} />
                  <Deactivation user={user} />
                </>
              )}
            </>
          )}
        </>
      }
    >
      <Facts>
        <Fact name="State">
          <Group gap="md">
            <UserState user={user} />
          </Group>
        </Fact>
        <Fact name="E-mail">
          <Anchor href={`mailto:${user.email}`} inherit>
            {user.email}
          </Anchor>
        </Fact>
        <Fact name="Time zone">{user.time_zone}</Fact>
        <Fact name="Teams">
          {user.teams.length === 0 && "none: nobody pages them by a team"}
          {user.teams.map(({ team, role }) => (
            <Text key={team.id} inherit>
              <TextLink
                to="/team/teams/$teamId"
                params={{ teamId: team.id }}
                inherit
              >
                {team.name}
              </TextLink>{" "}
              <Text span c="dimmed" inherit>
                {roleName(role)}
              </Text>
            </Text>
          ))}
        </Fact>
      </Facts>
      <OwnShifts user={user} />
      {maySeeContacts && <ContactMethods user={user} />}
      {me.platform_admin && (
        <UserForm
          key={editing ? "editing" : "closed"}
          user={user}
          opened={editing}
          onClose={close}
          onSaved={close}
        />
      )}
    </Page>
  );
}
