import { Group, Loader, Paper, Stack, Text } from "@mantine/core";
import { ApiError } from "../../api/errors";
import type { RuleTest, RuleTestExample } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";

const UNPROCESSABLE = 422;

/** What is wrong with the condition, if that is why there is no answer. */
export function refusalOf(error: Error | null): string | undefined {
  return error instanceof ApiError && error.status === UNPROCESSABLE
    ? error.message
    : undefined;
}

interface Props {
  query: {
    data: RuleTest | undefined;
    error: Error | null;
    isFetching: boolean;
  };
  /** the condition is complete */
  ready: boolean;
}

/** What the rule would have done to the last requests, as one writes it. */
export function Trial({ query, ready }: Props) {
  const { data, error, isFetching } = query;
  return (
    <Section
      title="On what was really sent"
      action={isFetching && <Loader size="xs" aria-label="Trying" />}
    >
      {!ready ? (
        <Text size="sm" c="dimmed">
          Finish the condition, and see here which of the last 1,000 requests it
          would have matched.
        </Text>
      ) : error ? (
        <Problem text={error.message} />
      ) : (
        data && <Outcome found={data} />
      )}
    </Section>
  );
}

function plural(count: number, one: string): string {
  return `${count.toLocaleString()} ${one}${count === 1 ? "" : "s"}`;
}

/** "Would have matched 37 of 412 alerts, suppressed 5". */
export function summary(found: RuleTest): string {
  const { alerts, matched, suppressed, held, failures } = found;
  return [
    `Would have matched ${matched.toLocaleString()} of ${plural(alerts, "alert")}`,
    suppressed > 0 && `suppressed ${suppressed.toLocaleString()}`,
    held > 0 && `held ${held.toLocaleString()}`,
    failures > 0 && `could not be worked out for ${failures.toLocaleString()}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function Outcome({ found }: { found: RuleTest }) {
  if (found.requests === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing has been sent yet that it could be tried on.
      </Text>
    );
  return (
    <Stack gap="sm">
      <div aria-live="polite">
        <Text fw={600}>{summary(found)}</Text>
        <Text size="sm" c="dimmed">
          In the last {plural(found.requests, "request")}. Other rules are not
          asked here.
        </Text>
      </div>
      {found.last_failure && (
        <Text size="sm" c="dimmed" ff="monospace">
          {found.last_failure}
        </Text>
      )}
      {found.examples.length > 0 && (
        <Paper
          withBorder
          component="ul"
          m={0}
          p={0}
          aria-label="Examples"
          style={{ listStyle: "none" }}
        >
          {found.examples.map((example, at) => (
            <Example
              // one request may carry the same alert twice
              key={`${example.request_id} ${at}`}
              example={example}
            />
          ))}
        </Paper>
      )}
    </Stack>
  );
}

function Example({ example }: { example: RuleTestExample }) {
  const { title, service, severity, suppressed_by, received_at } = example;
  return (
    <Stack
      component="li"
      gap={2}
      px="sm"
      py={8}
      style={{ borderTop: "1px solid var(--pf-line)" }}
    >
      <Group justify="space-between" wrap="nowrap" align="start" gap="xs">
        <Text size="sm" fw={600} lineClamp={2}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          <Ago at={received_at} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {suppressed_by
          ? `${severity}, nobody is told: ${suppressed_by}`
          : `${severity} → ${service}`}
      </Text>
    </Stack>
  );
}
