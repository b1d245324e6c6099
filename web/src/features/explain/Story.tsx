import { Group, Paper, Stack, Text } from "@mantine/core";
import {
  type Icon,
  IconAlertOctagon,
  IconBellOff,
  IconCircleCheck,
  IconHandStop,
  IconInfoCircle,
} from "@tabler/icons-react";
import type {
  ExplainedRouting,
  ExplainedStory,
  Fate,
} from "../../api/generated";
import { Fact, Facts } from "../../ui/Facts";
import { TextLink } from "../../ui/links";
import { Minutes } from "../../ui/Minutes";
import { PolicyFindings } from "../../ui/PolicyFindings";
import { Section } from "../../ui/Section";
import { StateLabel, type Tone } from "../../ui/StateLabel";

interface Look {
  tone: Tone;
  icon: Icon;
  word: string;
}

const QUIET = { tone: "gray", icon: IconBellOff } as const;
const FATES: Record<Fate, Look> = {
  opens: { tone: "red", icon: IconAlertOctagon, word: "Opens an incident" },
  joins: { ...QUIET, word: "Joins an open incident" },
  duplicate: { ...QUIET, word: "Counted as a duplicate" },
  acknowledges: {
    tone: "orange",
    icon: IconHandStop,
    word: "Acknowledges an incident",
  },
  resolves: { tone: "teal", icon: IconCircleCheck, word: "Resolves an alert" },
  stale: { ...QUIET, word: "Too late to matter" },
  unmatched: { ...QUIET, word: "Ends nothing" },
  suppressed: { tone: "violet", icon: IconBellOff, word: "Suppressed" },
  change: { tone: "blue", icon: IconInfoCircle, word: "Kept as a change" },
};

interface Props {
  story: ExplainedStory;
  start: string;
  until: string;
}

/** What becomes of one event: where it belongs, by which policy, and who is paged when. */
export function Story({ story, start, until }: Props) {
  const { routing, policy, policy_name, steps, findings } = story;
  const pages = routing === null || routing.fate === "opens";
  return (
    <Stack gap="md">
      {routing && <Routing routing={routing} />}
      {pages && (
        <Section title="Who is paged">
          <Text size="sm">
            By{" "}
            {policy ? (
              <TextLink
                to="/policies/$policyId"
                params={{ policyId: policy.id }}
                inherit
              >
                {policy.name}
              </TextLink>
            ) : (
              policy_name
            )}
            , in the hour after it, if nobody acknowledges:
          </Text>
          <Paper withBorder p="sm">
            <Minutes steps={steps} start={start} until={until} />
          </Paper>
          <PolicyFindings findings={findings} />
        </Section>
      )}
    </Stack>
  );
}

function Routing({ routing }: { routing: ExplainedRouting }) {
  const { fate, reason, service, team, event, incident, rules } = routing;
  return (
    <Stack gap="xs">
      <Group gap="4px 12px">
        <StateLabel {...FATES[fate]} />
        <Text size="sm">{reason}</Text>
      </Group>
      <Facts>
        {event && <Fact name="Title">{event.title}</Fact>}
        <Fact name="Service">
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
            inherit
          >
            {service.name}
          </TextLink>{" "}
          of the {team.name} team
        </Fact>
        <Fact name="Rules">
          {rules.map(({ name }) => name).join(", then ") ||
            "no routing rule matches"}
        </Fact>
        <Fact name="Treated as">
          {routing.severity}, {routing.priority},{" "}
          {routing.urgency === "high" ? "urgent" : "not urgent"}
        </Fact>
        {event?.dedup_key && <Fact name="Dedup key">{event.dedup_key}</Fact>}
        {event?.group_key && <Fact name="Group key">{event.group_key}</Fact>}
        {incident && (
          <Fact name="Incident">
            <TextLink
              to="/incidents/$incidentId"
              params={{ incidentId: String(incident.number) }}
              inherit
            >
              #{incident.number} {incident.title}
            </TextLink>
          </Fact>
        )}
      </Facts>
    </Stack>
  );
}
