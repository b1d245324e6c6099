import { Tabs } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { editableTeams, useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { AccessLog } from "./AccessLog";
import { Matrix } from "./Matrix";
import { PartnerList } from "./PartnerList";
import { Requests } from "./Requests";
import { Sessions } from "./Sessions";

/** People outside: who they are, what they may see, and what they looked at. */
export function PartnersPage() {
  const me = useMe();
  const search: Record<string, string> = useSearch({ from: "/frame/partners" });
  const navigate = useNavigate();
  if (!me.platform_admin)
    return (
      <Page title="Partners">
        {editableTeams(me).length > 0 ? (
          <Matrix />
        ) : (
          <Empty icon={<IconLock size={40} />} title="For admins">
            They let people outside see status pages here, or parts of them.
          </Empty>
        )}
      </Page>
    );
  return (
    <Page title="Partners">
      <Tabs
        value={search.tab ?? "list"}
        keepMounted={false}
        onChange={(tab) =>
          void navigate({ to: "/partners", search: { tab: tab ?? "list" } })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="list">Partners</Tabs.Tab>
          <Tabs.Tab value="grants">Grants</Tabs.Tab>
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="sessions">Signed in</Tabs.Tab>
          <Tabs.Tab value="log">Access log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="list">
          <PartnerList />
        </Tabs.Panel>
        <Tabs.Panel value="grants">
          <Matrix />
        </Tabs.Panel>
        <Tabs.Panel value="requests">
          <Requests />
        </Tabs.Panel>
        <Tabs.Panel value="sessions">
          <Sessions />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <AccessLog />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
