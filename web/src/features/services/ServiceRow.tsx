import { Badge, Group, Text, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArchive,
  IconHourglassLow,
  IconListCheck,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Service } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { MaintenanceMark } from "../../ui/Maintenance";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { SERVICE_STATES } from "../../ui/service-states";
import { NEEDS, scoreInWords } from "./set-up";

const MOST_COUNTED = 1000;
const MOST_TAGS = 3;

/** One service in a list: who owns it, who is paged, what is wrong now. */
export function ServiceRow({ service }: { service: Service }) {
  const { id, name, team, tier, tags } = service;
  return (
    <Row
      main={
        <>
          <Group gap={6}>
            <TextLink
              to="/services/$serviceId"
              params={{ serviceId: id }}
              fw={600}
            >
              {name}
            </TextLink>
            {service.kind === "business" && <Mark>Business</Mark>}
            {tier && <Mark>Tier {tier}</Mark>}
            {tags.slice(0, MOST_TAGS).map((tag) => (
              <Mark key={tag}>{tag}</Mark>
            ))}
            {tags.length > MOST_TAGS && (
              <Mark>{tags.length - MOST_TAGS} more</Mark>
            )}
          </Group>
          <Text size="sm" c="dimmed" lineClamp={1}>
            {team.name}
            {service.description && ` · ${service.description}`}
          </Text>
        </>
      }
      side={
        <>
          <Score service={service} />
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

function Mark({ children }: { children: ReactNode }) {
  return (
    <Badge variant="default" size="sm" fw={500}>
      {children}
    </Badge>
  );
}

/** How well it is set up, where something is missing: with what to do next. */
function Score({ service: { set_up: setUp } }: { service: Service }) {
  const score = scoreInWords(setUp);
  if (score === null || setUp.next === null) return null;
  const { todo } = NEEDS[setUp.next];
  return (
    <Tooltip label={`Next: ${todo}`} multiline maw={280}>
      <Group gap={4} wrap="nowrap" tabIndex={0}>
        <IconListCheck size={16} aria-hidden />
        <Text size="sm" c="dimmed">
          {score} set up
        </Text>
      </Group>
    </Tooltip>
  );
}

/** How it is doing, by the worst that is open on it or, of a business service, below it. */
export function ServiceState({ service }: { service: Service }) {
  const { open_incidents: open, state, because_of: cause, id } = service;
  if (service.lifecycle === "archived" && open === 0)
    return <StateLabel tone="gray" icon={IconArchive} word="Archived" />;
  const look = SERVICE_STATES[state];
  const count = open > MOST_COUNTED ? "over 1000" : open;
  return (
    <Group gap="4px 12px">
      {service.lifecycle === "deprecated" && (
        <StateLabel tone="gray" icon={IconHourglassLow} word="Deprecated" />
      )}
      {open > 0 && !cause ? (
        <TextLink
          to="/incidents"
          search={{ service: id }}
          underline="never"
          style={{ display: "flex" }}
        >
          <StateLabel
            tone={look.tone}
            icon={look.icon}
            word={`${look.word} · ${count} open`}
          />
        </TextLink>
      ) : (
        <StateLabel {...look} />
      )}
      {cause && (
        <Text size="sm" c="dimmed">
          because of{" "}
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: cause.id }}
            inherit
          >
            {cause.name}
          </TextLink>
        </Text>
      )}
    </Group>
  );
}
