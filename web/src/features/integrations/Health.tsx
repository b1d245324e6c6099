import { Group, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Disposition, IntegrationHealth } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { useNow } from "../../ui/now";
import classes from "./Health.module.css";
import { byHour } from "./hours";
import { DISPOSITIONS, isDisposition } from "./outcomes";
import { healthQuery } from "./queries";

interface Props {
  integrationId: string;
  /** show the requests that ended like this */
  onPick: (outcome: Disposition) => void;
}

/** Is it alive, how much does it send, and what of that went wrong? */
export function Health({ integrationId, onPick }: Props) {
  const query = useQuery(healthQuery(integrationId));
  return (
    <Loaded what="The health" query={query}>
      {(health) => (
        <Paper withBorder p="sm" component="section" aria-label="Health">
          <Group gap="md" align="stretch" justify="space-between">
            <Group gap="xl" align="start">
              <Figure name="Last request">
                {health.last_at ? <Ago at={health.last_at} /> : "none so far"}
              </Figure>
              {Object.keys(DISPOSITIONS)
                .filter(isDisposition)
                .map((outcome) => (
                  <UnstyledButton key={outcome} onClick={() => onPick(outcome)}>
                    <Count health={health} outcome={outcome} />
                  </UnstyledButton>
                ))}
            </Group>
            <Rate health={health} />
          </Group>
        </Paper>
      )}
    </Loaded>
  );
}

function Figure({
  name,
  warn,
  children,
}: {
  name: string;
  warn?: boolean;
  children: React.ReactNode;
}) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={600} className={warn ? classes.warn : undefined}>
        {children}
      </Text>
    </Stack>
  );
}

interface CountProps {
  health: IntegrationHealth;
  outcome: Disposition;
}

function Count({ health, outcome }: CountProps) {
  const count = health.outcomes[outcome] ?? 0;
  const { word, tone } = DISPOSITIONS[outcome];
  return (
    <Figure name={word} warn={count > 0 && tone === "orange"}>
      {count}
    </Figure>
  );
}

function Rate({ health }: { health: IntegrationHealth }) {
  const now = useNow(60);
  const hours = byHour(health.hours, now);
  const most = Math.max(1, ...hours.map(({ count }) => count));
  const all = hours.reduce((sum, { count }) => sum + count, 0);
  const short = now - Date.parse(health.since) < 23 * 3600 * 1000;
  return (
    <Stack gap={2}>
      <Text size="xs" c="dimmed">
        {short ? (
          <>
            The last {all} requests, since <Ago at={health.since} />
          </>
        ) : (
          `Last 24 hours: ${all === 1 ? "1 request" : `${all} requests`}`
        )}
      </Text>
      <div
        className={classes.bars}
        role="img"
        aria-label={`Requests an hour, at most ${most}`}
      >
        {hours.map(({ at, count }) => (
          <span
            key={at}
            title={`${new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" })}: ${count}`}
            data-none={count === 0 || undefined}
            style={{ height: `${Math.max(6, (100 * count) / most)}%` }}
          />
        ))}
      </div>
    </Stack>
  );
}
