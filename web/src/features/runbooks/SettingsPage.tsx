import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { AllStopped } from "./AllStopped";
import { Approvers } from "./Approvers";
import { Audit } from "./Audit";
import { KillSwitch } from "./KillSwitch";
import { Places } from "./Places";
import { settingsQuery } from "./queries";

/** Who may approve, how long that holds, and the switch that stops everything. */
export function SettingsPage() {
  const me = useMe();
  const settings = useQuery(settingsQuery);
  return (
    <Page title="Controls of runbooks">
      <Places />
      <AllStopped />
      <ApproversOfTeam />
      {me.platform_admin ? (
        <>
          <Loaded what="The settings" query={settings}>
            {(kept) => <KillSwitch key={kept.approval_days} kept={kept} />}
          </Loaded>
          <Audit />
        </>
      ) : (
        settings.data && (
          <Text size="sm" c="dimmed">
            An approval holds for {settings.data.approval_days} days. Platform
            admins can change that, stop all runbooks at once and export the
            audit.
          </Text>
        )
      )}
    </Page>
  );
}

function ApproversOfTeam() {
  const me = useMe();
  const teams = useQuery(teamsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Section title="Who may approve">
      <Text size="sm" c="dimmed">
        The admins of a team approve its runbooks, and so do the people whom
        they name here. Nobody approves what they have written.
      </Text>
      <Loaded what="The teams" query={teams}>
        {(all) => {
          const mine = me.memberships[0]?.team.id;
          const team =
            all.find(({ id }) => id === chosen) ??
            all.find(({ id }) => id === mine) ??
            all[0];
          if (!team)
            return (
              <Text size="sm" c="dimmed">
                There is no team yet.
              </Text>
            );
          return (
            <>
              <Select
                label="Team"
                maw={320}
                data={all.map(({ id, name }) => ({ value: id, label: name }))}
                allowDeselect={false}
                value={team.id}
                onChange={setChosen}
              />
              <Approvers key={team.id} team={team} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
