import { List, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconPlayerPause,
} from "@tabler/icons-react";
import type { Operations, OperationsProvider } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { share } from "./words";

const LEAST_SUCCESS = 0.95;

/** What became of the messages of the last five minutes. */
export function Providers(props: { providers: readonly OperationsProvider[] }) {
  return (
    <Section
      title="Providers"
      action={
        <TextLink to="/channels" search={{ tab: "health" }} size="sm">
          The last 24 hours
        </TextLink>
      }
    >
      {props.providers.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing was sent in the last five minutes.
        </Text>
      ) : (
        <Rows label="Providers">
          {props.providers.map((each) => (
            <Provider
              key={`${each.channel} ${each.provider}`}
              provider={each}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Provider({ provider: one }: { provider: OperationsProvider }) {
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600}>
            {one.channel}
            {one.provider && ` · ${one.provider}`}
          </Text>
          <Text size="sm" c="dimmed">
            {share(one.accepted, one.attempts)} of {one.attempts} taken
          </Text>
        </>
      }
      side={<Breaker provider={one} />}
    />
  );
}

function Breaker({ provider: one }: { provider: OperationsProvider }) {
  const now = useNow();
  if (one.broken_reason !== null)
    return <StateLabel tone="red" icon={IconAlertTriangle} word="Refuses us" />;
  if (one.rests_until && Date.parse(one.rests_until) > now)
    return <StateLabel tone="orange" icon={IconPlayerPause} word="Resting" />;
  if (one.accepted < one.attempts * LEAST_SUCCESS)
    return (
      <StateLabel tone="orange" icon={IconAlertTriangle} word="Fails often" />
    );
  return <StateLabel tone="teal" icon={IconCircleCheck} word="Works" />;
}

/** What came in and could not be read, and promises that are broken right now. */
export function Intake({ operations }: { operations: Operations }) {
  const { unreadable_count: unreadable, broken } = operations;
  return (
    <Section title="Promises">
      <Stack gap="xs">
        {broken.length === 0 ? (
          <Stack gap={2} align="flex-start">
            <StateLabel
              tone="teal"
              icon={IconCircleCheck}
              word="All are kept"
            />
            <Text size="sm" c="dimmed">
              Every incident escalates, and nothing that is due waits.
            </Text>
          </Stack>
        ) : (
          <List size="sm">
            {broken.map(({ promise, says }) => (
              <List.Item key={`${promise} ${says}`}>
                {says} ({promise})
              </List.Item>
            ))}
          </List>
        )}
        {unreadable === 0 ? (
          <StateLabel
            tone="teal"
            icon={IconCircleCheck}
            word="All that came was read"
          />
        ) : (
          <Stack gap={2} align="flex-start">
            <StateLabel
              tone="orange"
              icon={IconAlertTriangle}
              word={`${unreadable.toLocaleString()} could not be read`}
            />
            <Text size="sm" c="dimmed">
              Of what came in the last day.
            </Text>
            <TextLink
              to="/integrations"
              search={{ tab: "unreadable" }}
              size="sm"
            >
              See what came
            </TextLink>
          </Stack>
        )}
      </Stack>
    </Section>
  );
}

/** What hinders single people from being reached. */
export function Findings({
  operations: { findings },
}: {
  operations: Operations;
}) {
  if (findings.length === 0) return null;
  return (
    <Section title="Findings">
      <Rows label="Findings">
        {findings.map(({ id, detail, user_id: userId, found_at }) => (
          <Row
            key={id}
            main={<Text size="sm">{detail}</Text>}
            side={
              <Text size="sm" c="dimmed">
                {userId ? (
                  <TextLink to="/team/users/$userId" params={{ userId }}>
                    Look
                  </TextLink>
                ) : (
                  <TextLink to="/channels" search={{ tab: "health" }}>
                    Look
                  </TextLink>
                )}
                {" · found "}
                <Ago at={found_at} />
              </Text>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
