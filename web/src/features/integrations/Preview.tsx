import { Group, Paper, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { PreviewedEvent, PreviewedRequest } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Labels } from "../../ui/Labels";
import { Lines } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import classes from "./Preview.module.css";
import { previewQuery } from "./queries";

interface Props {
  integrationId: string;
  values: Record<string, unknown>;
}

const ACTIONS: Readonly<Record<PreviewedEvent["action"], string>> = {
  trigger: "fires",
  acknowledge: "acknowledges",
  resolve: "resolves",
  change: "is a change",
};

/** The last requests, as they would be read with what stands in the form. */
export function Preview({ integrationId, values }: Props) {
  const query = useQuery({
    ...previewQuery(integrationId, values),
    placeholderData: keepPreviousData,
  });
  return (
    <Section title="Preview">
      <Text size="sm" c="dimmed">
        The last 20 requests as these settings read them. Nothing is changed
        until you save.
      </Text>
      <div aria-live="polite" className={classes.beside}>
        {query.error ? (
          <Problem text={query.error.message} />
        ) : query.data === undefined ? (
          <Lines count={4} />
        ) : query.data.length === 0 ? (
          <Text size="sm">
            Nothing has arrived yet. Send one request, and see here what is made
            of it.
          </Text>
        ) : (
          <Stack component="ol" gap="xs" className={classes.list}>
            {query.data.map((request) => (
              <OneRequest key={request.request_id} request={request} />
            ))}
          </Stack>
        )}
      </div>
    </Section>
  );
}

function OneRequest({ request }: { request: PreviewedRequest }) {
  const { request_id, received_at, events, event_count, errors, ignored } =
    request;
  const search: Record<string, string> = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          <Ago at={received_at} />
          {event_count > 1 && ` · ${event_count} events`}
        </Text>
        <Text
          component="button"
          type="button"
          size="xs"
          c="var(--mantine-color-anchor)"
          bg="none"
          bd={0}
          p={0}
          style={{ cursor: "pointer" }}
          onClick={() =>
            void navigate({
              to: ".",
              search: { ...search, tab: "requests", request: request_id },
            })
          }
        >
          What it said
        </Text>
      </Group>
      {errors.length > 0 && (
        <Stack gap={2} mt={4}>
          <StateLabel
            tone="orange"
            icon={IconAlertTriangle}
            word="Unreadable"
          />
          {errors.map((error) => (
            <Text key={error} size="sm">
              {error}
            </Text>
          ))}
        </Stack>
      )}
      {ignored && <Text size="sm">Ignored: {ignored}</Text>}
      {events.map((event, at) => (
        <OneEvent key={at} event={event} />
      ))}
    </Paper>
  );
}

/** A key made from the title is a long number: its beginning is enough to compare it. */
function shortKey(key: string): string {
  return key.startsWith("sha256:") ? `${key.slice(0, 19)}…` : key;
}

function OneEvent({ event }: { event: PreviewedEvent }) {
  return (
    <Stack gap={4} mt={6}>
      <Text size="sm" fw={600}>
        {event.title}
      </Text>
      <Text size="sm">
        {ACTIONS[event.action]}
        {event.severity && ` · ${event.severity}`}
        {event.dedup_key !== null && (
          <>
            {" · dedup key "}
            <Text span inherit ff="monospace">
              {shortKey(event.dedup_key)}
            </Text>
          </>
        )}
        {event.group_key && (
          <>
            {" · group "}
            <Text span inherit ff="monospace">
              {event.group_key}
            </Text>
          </>
        )}
      </Text>
      {event.body && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {event.body}
        </Text>
      )}
      <Labels labels={event.labels} />
    </Stack>
  );
}
