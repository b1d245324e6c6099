import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { deleteTeam, type TeamOut } from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { CalendarFeed } from "../../ui/CalendarFeed";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Invitations } from "./Invitations";
import { Members } from "./Members";
import { Owned } from "./Owned";
import { teamQuery } from "./queries";
import { Readiness } from "./Readiness";
import { Rooms } from "./Rooms";
import { TeamForm } from "./TeamForm";

/** One team: its people and what they own. */
export function OneTeamPage() {
  const { teamId } = useParams({ from: "/frame/team/teams/$teamId" });
  const query = useQuery(teamQuery(teamId));
  if (query.data) return <OneTeam team={query.data} />;
  return (
    <Page title="Team">
      <Loaded what="The team" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneTeam({ team }: { team: TeamOut }) {
  const me = useMe();
  const mayEdit = canEditTeam(me, team.id);
  const [editing, { open, close }] = useDisclosure();
  return (
    <Page
      title={team.name}
      actions={
        mayEdit && (
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={16} />}
              onClick={open}
            >
              Edit
            </Button>
            {me.platform_admin && <DeleteTeam team={team} />}
          </>
        )
      }
    >
      {team.description && <Text>{team.description}</Text>}
      <Members team={team} mayEdit={mayEdit} />
      {mayEdit && <Invitations team={team} />}
      <Readiness teamId={team.id} />
      <Rooms team={team} mayEdit={mayEdit} />
      <Owned team={team} />
      <CalendarFeed of={{ kind: "team", id: team.id }}>
        Subscribe to the shifts in all schedules of this team, a year ahead, in
        Google Calendar, Outlook or Apple Calendar.
      </CalendarFeed>
      {mayEdit && (
        <TeamForm
          key={editing ? "editing" : "closed"}
          team={team}
          opened={editing}
          onClose={close}
          onSaved={close}
        />
      )}
    </Page>
  );
}

function DeleteTeam({ team }: { team: TeamOut }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the team"
      name={team.name}
      run={async () => {
        await deleteTeam({ path: { team_id: team.id } });
        await navigate({ to: "/team", search: { tab: "teams" } });
        await queryClient.invalidateQueries({ queryKey: ["teams"] });
      }}
    >
      Its people stay, without this team. It can only go once it owns nothing
      and no policy pages it.
    </DeleteButton>
  );
}
