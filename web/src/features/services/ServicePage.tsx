import { Anchor, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { Service } from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { isWebAddress } from "../../ui/AlertFacts";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { MaintenanceNote } from "../../ui/Maintenance";
import { Page } from "../../ui/Page";
import { TIERS } from "../../ui/service-states";
import { Dependencies } from "./Dependencies";
import { serviceQuery } from "./queries";
import { ServiceChanges } from "./ServiceChanges";
import { ServiceForm } from "./ServiceForm";
import { ServiceIncidents } from "./ServiceIncidents";
import { ServiceIntegrations } from "./ServiceIntegrations";
import { ServiceMenu } from "./ServiceMenu";
import { PolicyLink, ServiceState } from "./ServiceRow";
import { ServiceTreatment } from "./ServiceTreatment";
import { SetUp } from "./SetUp";
import { TransferNotice } from "./Transfer";

/** One service: who owns it, what reports about it, what went wrong lately. */
export function ServicePage() {
  const { serviceId } = useParams({ from: "/frame/services/$serviceId" });
  const query = useQuery(serviceQuery(serviceId));
  if (query.data) return <OneService service={query.data} />;
  return (
    <Page title="Service">
      <Loaded what="The service" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneService({ service }: { service: Service }) {
  const mayEdit = canEditTeam(useMe(), service.team.id);
  const navigate = useNavigate();
  const [editing, { open, close }] = useDisclosure();
  return (
    <Page
      title={service.name}
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
            <ServiceMenu
              service={service}
              onDeleted={() => void navigate({ to: "/services" })}
            />
          </>
        )
      }
    >
      <MaintenanceNote service={service} />
      <TransferNotice service={service} />
      {service.description && (
        <Text style={{ whiteSpace: "pre-wrap" }}>{service.description}</Text>
      )}
      <Facts>
        <Fact name="State">
          <ServiceState service={service} />
        </Fact>
        <Fact name="Team">
          <TextLink
            to="/team/teams/$teamId"
            params={{ teamId: service.team.id }}
            inherit
          >
            {service.team.name}
          </TextLink>
        </Fact>
        <Fact name="Kind">
          {service.kind === "business"
            ? "Business: it is as badly off as the worst of what it depends on"
            : "Technical"}
        </Fact>
        <Fact name="Tier">{TIERS[String(service.tier)] ?? "not said"}</Fact>
        {service.tags.length > 0 && (
          <Fact name="Tags">{service.tags.join(", ")}</Fact>
        )}
        {service.runbook_url && isWebAddress(service.runbook_url) && (
          <Fact name="Runbook">
            <Anchor
              href={service.runbook_url}
              target="_blank"
              rel="noreferrer noopener"
              inherit
            >
              {service.runbook_url}
            </Anchor>
          </Fact>
        )}
        <Fact name="Pages by">
          <PolicyLink service={service} />
          {!service.escalation_policy && (
            <Text size="sm" c="dimmed">
              The platform admins are told of its incidents.
            </Text>
          )}
        </Fact>
      </Facts>
      <SetUp service={service} />
      <Dependencies service={service} mayEdit={mayEdit} />
      {service.kind === "technical" && (
        <ServiceIntegrations service={service} mayEdit={mayEdit} />
      )}
      <ServiceTreatment service={service} mayEdit={mayEdit} />
      <ServiceIncidents service={service} />
      {service.kind === "technical" && (
        <ServiceChanges serviceId={service.id} />
      )}
      {mayEdit && (
        <ServiceForm
          key={editing ? "editing" : "closed"}
          service={service}
          opened={editing}
          onClose={close}
          onSaved={close}
        />
      )}
    </Page>
  );
}
