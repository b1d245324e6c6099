import { Text } from "@mantine/core";
import {
  IconPlayerPause,
  IconPlugConnected,
  IconPlus,
} from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Integration } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { TeamFirst } from "../../ui/TeamFirst";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Connect } from "./Connect";
import { Inboxes } from "./Inboxes";
import { listQuery } from "./queries";

/** What reports to PageFree, and the catalogue of what could. */
export function IntegrationsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/integrations",
  });
  const navigate = useNavigate();
  const mayAdd = useEditableTeams().length > 0;
  const connect = mayAdd && (
    <ButtonLink
      to="/integrations"
      search={{ connect: "1" }}
      leftSection={<IconPlus size={16} />}
    >
      Connect a tool
    </ButtonLink>
  );
  if (search.connect && mayAdd)
    return (
      <Page title="Connect a tool">
        <Connect
          serviceId={search.service_id}
          kind={search.kind}
          onKind={(kind) =>
            void navigate({
              to: "/integrations",
              search: { ...search, kind },
            })
          }
        />
      </Page>
    );
  return (
    <Page title="Integrations" actions={connect}>
      <Inboxes
        tab={search.tab}
        onTab={(tab) => void navigate({ to: "/integrations", search: { tab } })}
      >
        <Connected connect={connect} />
      </Inboxes>
    </Page>
  );
}

function Connected({ connect }: { connect: ReactNode }) {
  const query = useInfiniteQuery(listQuery());
  return (
    <Loaded what="The integrations" query={query}>
      {({ pages }) => {
        const integrations = pages.flatMap((page) => page.items);
        return integrations.length === 0 ? (
          <Empty
            icon={<IconPlugConnected size={40} />}
            title="Nothing is connected yet"
            action={connect || <TeamFirst />}
          >
            Connect a monitoring tool: what it reports opens incidents, and
            whoever is on call is paged.
          </Empty>
        ) : (
          <>
            <Rows label="Integrations">
              {integrations.map((each) => (
                <IntegrationRow key={each.id} integration={each} />
              ))}
            </Rows>
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}

function IntegrationRow({ integration }: { integration: Integration }) {
  const { id, name, title, service, disabled_at, last_event_at } = integration;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/integrations/$integrationId"
            params={{ integrationId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {title}
          </Text>
        </>
      }
      side={
        <>
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
            size="sm"
          >
            {service.name}
          </TextLink>
          {disabled_at ? (
            <StateLabel
              tone="gray"
              icon={IconPlayerPause}
              word="Switched off"
            />
          ) : (
            <Text size="sm" c="dimmed">
              {last_event_at ? (
                <>
                  last event <Ago at={last_event_at} />
                </>
              ) : (
                "waiting for the first event"
              )}
            </Text>
          )}
        </>
      }
    />
  );
}
