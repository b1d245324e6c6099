import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMe } from "../../me";
import { Page } from "../../ui/Page";
import { People } from "./People";
import { Programs } from "./Programs";
import { SecondFactors } from "./SecondFactors";
import { Teams } from "./Teams";

// all of them in one line of a phone
const NARROW = { base: 6, sm: "md" };

/** Who works here, and in which teams. */
export function TeamPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/team" });
  const navigate = useNavigate();
  const { platform_admin, memberships } = useMe();
  const keeps =
    platform_admin || memberships.some(({ role }) => role === "team_admin");
  const shown =
    search.tab === "teams" ||
    (keeps && search.tab === "programs") ||
    (platform_admin && search.tab === "factors")
      ? search.tab
      : "people";
  return (
    <Page title="Team">
      <Tabs
        value={shown}
        onChange={(tab) =>
          void navigate({
            to: "/team",
            search: tab && tab !== "people" ? { tab } : {},
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="people" px={NARROW}>
            People
          </Tabs.Tab>
          <Tabs.Tab value="teams" px={NARROW}>
            Teams
          </Tabs.Tab>
          {keeps && (
            <Tabs.Tab value="programs" px={NARROW}>
              Programs
            </Tabs.Tab>
          )}
          {platform_admin && (
            <Tabs.Tab value="factors" px={NARROW}>
              Second factors
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="people">
          <People mayAdd={platform_admin} />
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <Teams mayAdd={platform_admin} />
        </Tabs.Panel>
        <Tabs.Panel value="programs">
          <Programs />
        </Tabs.Panel>
        <Tabs.Panel value="factors">
          <SecondFactors />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
