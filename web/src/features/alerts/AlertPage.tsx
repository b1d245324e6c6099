import { Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AlertDetail } from "../../api/generated";
import { oneServiceQuery } from "../../api/queries";
import { Ago } from "../../ui/Ago";
import { AlertFacts } from "../../ui/AlertFacts";
import { CopyIcon } from "../../ui/CopyField";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Payload } from "../../ui/Payload";
import { StateLabel } from "../../ui/StateLabel";
import { lookOf, ROUTED_BY, SEVERITY_LOOK, whyQuiet } from "./look";
import { Quiet } from "./Quiet";
import { alertQuery } from "./queries";

/** One condition, as its tool reported it. */
export function AlertPage() {
  const { alertId } = useParams({ from: "/frame/alerts/$alertId" });
  const query = useQuery(alertQuery(alertId));
  return (
    <Loaded what="The alert" query={query}>
      {(alert) => <Detail alert={alert} />}
    </Loaded>
  );
}

function Detail({ alert }: { alert: AlertDetail }) {
  const { integration, incident_id, suppression, dedup_key, resolved_at } =
    alert;
  const quiet = alert.status === "open" && suppression;
  return (
    <Page title={alert.title}>
      <Stack gap="md" maw={860}>
        <Group gap="md">
          <StateLabel {...lookOf(alert)} />
          <StateLabel {...SEVERITY_LOOK[alert.severity]} />
        </Group>
        {quiet && <Quiet suppression={quiet} />}
        {alert.body && (
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {alert.body}
          </Text>
        )}
        <AlertFacts alert={alert} />
        <Table verticalSpacing={4} withRowBorders={false}>
          <Table.Tbody>
            {incident_id ? (
              <Fact name="Incident">
                <TextLink
                  to="/incidents/$incidentId"
                  params={{ incidentId: incident_id }}
                  inherit
                >
                  Open the incident
                </TextLink>
              </Fact>
            ) : (
              !quiet && (
                <Fact name="Nobody was told">
                  {suppression && whyQuiet(suppression)}
                </Fact>
              )
            )}
            <Fact name="Service">
              <ServiceLink id={alert.service_id} />
              {`, ${ROUTED_BY[alert.routed_by]}`}
            </Fact>
            <Fact name="Reported by">
              <TextLink
                to="/integrations/$integrationId"
                params={{ integrationId: integration.id }}
                inherit
              >
                {integration.name}
              </TextLink>
            </Fact>
            <Fact name="First">
              <Ago at={alert.opened_at} />
            </Fact>
            <Fact name="Last">
              <Ago at={alert.last_at} />
              {alert.occurrences > 1 && `, received ${alert.occurrences} times`}
            </Fact>
            {resolved_at && (
              <Fact name="Resolved">
                <Ago at={resolved_at} />
              </Fact>
            )}
            <Fact name="Dedup key">
              <Group gap={4} wrap="nowrap">
                <Text ff="monospace" size="sm">
                  {dedup_key}
                </Text>
                <CopyIcon label="the dedup key" value={dedup_key} />
              </Group>
            </Fact>
          </Table.Tbody>
        </Table>
        <Payload text={alert.last_payload} />
      </Stack>
    </Page>
  );
}

function ServiceLink({ id }: { id: string }) {
  const service = useQuery(oneServiceQuery(id)).data;
  return (
    <TextLink to="/services/$serviceId" params={{ serviceId: id }} inherit>
      {service?.name ?? "its service"}
    </TextLink>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120} fw={400} c="dimmed" style={{ verticalAlign: "top" }}>
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
