import { Group, Text } from "@mantine/core";
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconHourglassLow,
} from "@tabler/icons-react";
import type { Service } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { MaintenanceMark } from "../../ui/Maintenance";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";

const MOST_COUNTED = 1000;

/** One service in a list: who owns it, who is paged, what is wrong now. */
export function ServiceRow({ service }: { service: Service }) {
  const { id, name, team, integration_count: sources } = service;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed" lineClamp={1}>
            {team.name}
            {service.description && ` · ${service.description}`}
          </Text>
        </>
      }
      side={
        <>
          <PolicyLink service={service} />
          <Text size="sm" c="dimmed">
            {sources === 1 ? "1 integration" : `${sources} integrations`}
          </Text>
          <MaintenanceMark service={service} />
          <ServiceState service={service} />
        </>
      }
    />
  );
}

/** The policy that pages for this service, or that there is none. */
export function PolicyLink({ service }: { service: Service }) {
  const policy = service.escalation_policy;
  if (!policy)
    return (
      <StateLabel
        tone="yellow"
        icon={IconAlertTriangle}
        word="No escalation policy"
      />
    );
  return (
    <TextLink
      to="/policies/$policyId"
      params={{ policyId: policy.id }}
      size="sm"
    >
      {policy.name}
    </TextLink>
  );
}

/** Open incidents, or that all is well. */
export function ServiceState({ service }: { service: Service }) {
  const open = service.open_incidents;
  if (open > 0)
    return (
      <TextLink
        to="/incidents"
        search={{ service: service.id }}
        underline="never"
      >
        <StateLabel
          tone="red"
          icon={IconAlertCircle}
          word={`${open > MOST_COUNTED ? "over 1000" : open} open`}
        />
      </TextLink>
    );
  if (service.lifecycle === "archived")
    return <StateLabel tone="gray" icon={IconArchive} word="Archived" />;
  return (
    <Group gap="md">
      {service.lifecycle === "deprecated" && (
        <StateLabel tone="gray" icon={IconHourglassLow} word="Deprecated" />
      )}
      <StateLabel tone="teal" icon={IconCircleCheck} word="All quiet" />
    </Group>
  );
}
