import { Stack, Tabs } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Integration } from "../../api/generated";
import { kindsQuery } from "../../api/queries";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { StateLabel } from "../../ui/StateLabel";
import { Health } from "./Health";
import { IntegrationMenu } from "./IntegrationMenu";
import { Keys } from "./Keys";
import { integrationQuery, useFreshKey } from "./queries";
import { RequestLog } from "./RequestLog";
import { Settings } from "./Settings";
import { SetUp } from "./SetUp";
import { Signing } from "./Signing";
import { TestButton } from "./TestButton";
import { useMayEdit } from "./use-may-edit";

/** One integration: how to set the tool up, its keys, and what it sent. */
export function IntegrationPage() {
  const { integrationId } = useParams({
    from: "/frame/integrations/$integrationId",
  });
  const query = useQuery(integrationQuery(integrationId));
  if (query.data)
    return <OneIntegration key={query.data.id} integration={query.data} />;
  return (
    <Page title="Integration">
      <Loaded what="The integration" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneIntegration({ integration }: { integration: Integration }) {
  const { service, name, title, disabled_at } = integration;
  const mayEdit = useMayEdit(service.id);
  return (
    <Page
      title={name}
      actions={
        mayEdit && (
          <>
            {!disabled_at && <TestButton integration={integration} />}
            <IntegrationMenu integration={integration} />
          </>
        )
      }
    >
      <Facts>
        <Fact name="Tool">{title}</Fact>
        <Fact name="Service">
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
            inherit
          >
            {service.name}
          </TextLink>
        </Fact>
        {disabled_at && (
          <Fact name="State">
            <StateLabel
              tone="gray"
              icon={IconPlayerPause}
              word="Switched off: its keys are refused"
            />
          </Fact>
        )}
      </Facts>
      <Parts integration={integration} mayEdit={mayEdit} />
    </Page>
  );
}

interface Props {
  integration: Integration;
  mayEdit: boolean;
}

function Parts({ integration, mayEdit }: Props) {
  const { id, kind, last_event_at, disabled_at } = integration;
  const search: Record<string, string> = useSearch({
    from: "/frame/integrations/$integrationId",
  });
  const navigate = useNavigate();
  const fresh = useFreshKey(id);
  const kinds = useQuery(kindsQuery).data;
  const settable = kinds?.find((each) => each.kind === kind)?.settings_schema;
  // what was open stays open when the first event arrives
  const [waited] = useState(!last_event_at && !disabled_at);
  const tab = search.tab ?? (waited || fresh !== null ? "set-up" : "requests");
  const go = (change: Record<string, string>) =>
    void navigate({
      to: "/integrations/$integrationId",
      params: { integrationId: id },
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  return (
    <Tabs
      value={tab}
      onChange={(next) => go({ tab: next ?? "", request: "" })}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        <Tabs.Tab value="requests">Requests</Tabs.Tab>
        <Tabs.Tab value="set-up">Set-up</Tabs.Tab>
        {settable && <Tabs.Tab value="settings">Settings</Tabs.Tab>}
        <Tabs.Tab value="keys">Keys</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="requests">
        <Stack gap="lg">
          <Health
            integrationId={id}
            onPick={(outcome) => go({ tab: "requests", outcome })}
          />
          <RequestLog integration={integration} mayEdit={mayEdit} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="set-up">
        <SetUp integration={integration} fresh={fresh} mayEdit={mayEdit} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <Settings integration={integration} mayEdit={mayEdit} />
      </Tabs.Panel>
      <Tabs.Panel value="keys">
        <Stack gap="xl" maw={760}>
          <Keys
            integration={integration}
            mayEdit={mayEdit}
            onMade={() => go({ tab: "set-up" })}
          />
          <Signing integration={integration} mayEdit={mayEdit} />
        </Stack>
      </Tabs.Panel>
    </Tabs>
  );
}
