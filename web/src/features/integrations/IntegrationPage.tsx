import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { getService, type Integration } from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { IntegrationMenu } from "./IntegrationMenu";
import { Keys } from "./Keys";
import { integrationQuery, useFreshKey } from "./queries";
import { RequestLog } from "./RequestLog";
import { SetUp } from "./SetUp";
import { TestButton } from "./TestButton";

/** One integration: how to set the tool up, its keys, and what it sent. */
export function IntegrationPage() {
  const { integrationId } = useParams({
    from: "/frame/integrations/$integrationId",
  });
  const query = useQuery(integrationQuery(integrationId));
  if (query.data) return <OneIntegration integration={query.data} />;
  return (
    <Page title="Integration">
      <Loaded what="The integration" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function useMayEdit({ service }: Integration): boolean {
  const me = useMe();
  const owner = useQuery({
    queryKey: ["services", service.id],
    queryFn: ({ signal }) =>
      getService({ path: { service_id: service.id }, signal }),
  }).data?.team.id;
  return owner !== undefined && canEditTeam(me, owner);
}

function OneIntegration({ integration }: { integration: Integration }) {
  const mayEdit = useMayEdit(integration);
  const fresh = useFreshKey(integration.id);
  const waiting = !integration.last_event_at && !integration.disabled_at;
  // what was open stays open when the first event arrives
  const [wanted, { open }] = useDisclosure(waiting || fresh !== null);
  const { service } = integration;
  return (
    <Page
      title={integration.name}
      actions={
        mayEdit && (
          <>
            {!integration.disabled_at && (
              <TestButton integration={integration} />
            )}
            <IntegrationMenu integration={integration} />
          </>
        )
      }
    >
      <Facts>
        <Fact name="Tool">{integration.title}</Fact>
        <Fact name="Service">
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
            inherit
          >
            {service.name}
          </TextLink>
        </Fact>
        <Fact name="Last event">
          {integration.disabled_at ? (
            <StateLabel
              tone="gray"
              icon={IconPlayerPause}
              word="Switched off: its keys are refused"
            />
          ) : integration.last_event_at ? (
            <Ago at={integration.last_event_at} />
          ) : (
            "none so far"
          )}
        </Fact>
      </Facts>
      {wanted || fresh ? (
        <SetUp integration={integration} fresh={fresh} mayEdit={mayEdit} />
      ) : (
        <Section title="Set-up">
          <Text size="sm" c="dimmed">
            What to paste where, for {integration.title}.
          </Text>
          <Button variant="default" onClick={open} maw={220}>
            Show the set-up
          </Button>
        </Section>
      )}
      <Keys integration={integration} mayEdit={mayEdit} />
      <RequestLog integration={integration} />
    </Page>
  );
}
