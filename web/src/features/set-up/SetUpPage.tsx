import { Alert, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Guide } from "./Guide";

interface Props {
  /** the ways in which I am reached, and how to add one */
  reach: ReactNode;
}

/** From signing in for the first time to the first page that arrives. */
export function SetUpPage({ reach }: Props) {
  const { platform_admin } = useMe();
  const { team_id }: Record<string, string> = useSearch({ strict: false });
  const navigate = useNavigate();
  const teams = useEditableTeams();
  const loading = useQuery({ ...teamsQuery, enabled: platform_admin });
  const team = teams.find(({ id }) => id === team_id) ?? teams[0];
  const choose = (id: string) =>
    void navigate({ to: "/set-up", search: { team_id: id }, replace: true });
  if (platform_admin && loading.isPending) return <Lines />;
  return (
    <Page title="Set up paging">
      <Stack maw={720} gap="sm">
        <Text>
          A few minutes until an alert reaches a person. Names and everything
          else can be changed later.
        </Text>
        {teams.length > 1 && (
          <Select
            label="For which team?"
            data={teams.map(({ id, name }) => ({ value: id, label: name }))}
            value={team?.id ?? null}
            allowDeselect={false}
            maw={420}
            onChange={(id) => id && choose(id)}
          />
        )}
        {team || platform_admin ? (
          <Guide key={team?.id} team={team} reach={reach} onTeam={choose} />
        ) : (
          <>
            <Alert variant="light" color="blue">
              The admins of your team set up what pages you. What is yours alone
              is how you are reached.
            </Alert>
            {reach}
          </>
        )}
      </Stack>
    </Page>
  );
}
