import { Text } from "@mantine/core";
import { IconPlayerPause, IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Integration, Service } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink, TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { serviceIntegrationsQuery } from "./queries";

interface Props {
  service: Service;
  mayEdit: boolean;
}

/** What reports about a service. */
export function ServiceIntegrations({ service, mayEdit }: Props) {
  const query = useQuery(serviceIntegrationsQuery(service.id));
  const search = { connect: "1", service_id: service.id };
  return (
    <Section
      title="Integrations"
      action={
        mayEdit &&
        query.data?.length !== 0 && (
          <ButtonLink
            to="/integrations"
            search={search}
            variant="default"
            size="xs"
          >
            Connect a tool
          </ButtonLink>
        )
      }
    >
      <Loaded what="The integrations" query={query}>
        {(integrations) =>
          integrations.length === 0 ? (
            <Empty
              icon={<IconPlugConnected size={40} />}
              title="Nothing reports about it yet"
              action={
                mayEdit && (
                  <ButtonLink to="/integrations" search={search}>
                    Connect a tool
                  </ButtonLink>
                )
              }
            >
              Connect a monitoring tool: its alerts open incidents of this
              service.
            </Empty>
          ) : (
            <Rows label="Integrations">
              {integrations.map((each) => (
                <IntegrationRow key={each.id} integration={each} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function IntegrationRow({ integration }: { integration: Integration }) {
  const { id, name, title, last_event_at, disabled_at } = integration;
  return (
    <Row
      main={
        <TextLink
          to="/integrations/$integrationId"
          params={{ integrationId: id }}
          fw={600}
        >
          {name}
        </TextLink>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {title}
          </Text>
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
