import { Box, Code, Group, Stack, Text, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconEyeOff,
} from "@tabler/icons-react";
import type { CanaryRun, OperationsCanary } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { flights, seconds } from "./words";

const WITHIN_S = 30; // a flight that takes longer has failed

/** The synthetic alert of every minute, and who is told when it does not come back. */
export function Canary({ canary }: { canary: OperationsCanary }) {
  const { on, runs, p95_seconds: p95, watchdog } = canary;
  const [last] = runs;
  return (
    <Section title="Canary">
      <Facts>
        <Fact name="Last flight">
          {last ? <Flight run={last} /> : on ? "Not yet" : "It is switched off"}
        </Fact>
        {runs.length > 0 && (
          <>
            <Fact name="The last hour">
              <Stack gap={4}>
                {flights(runs)}
                <Flights runs={runs} />
              </Stack>
            </Fact>
            <Fact name="Takes">
              {p95 === null ? "–" : `${seconds(p95)} in 95 of 100 flights`}
            </Fact>
          </>
        )}
        <Fact name="Watchdog">
          <Watchdog set={watchdog} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Flight({ run }: { run: CanaryRun }) {
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={6}>
        {run.why === null ? (
          <StateLabel tone="teal" icon={IconCircleCheck} word="Came back" />
        ) : (
          <StateLabel tone="red" icon={IconAlertTriangle} word="Failed" />
        )}
        <Text span size="sm" c="dimmed">
          <Ago at={run.started_at} />, in {seconds(run.seconds)}
        </Text>
      </Group>
      {run.why !== null && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {run.why}
        </Text>
      )}
    </Stack>
  );
}

/** One bar a flight, the oldest at the left; told in words beside it. */
function Flights({ runs }: { runs: readonly CanaryRun[] }) {
  return (
    <Group gap={2} h={24} align="flex-end" wrap="nowrap" aria-hidden>
      {runs.toReversed().map(({ started_at, seconds: took, why }) => (
        <Tooltip key={started_at} label={why ?? seconds(took)}>
          <Box
            w={3}
            h={`${Math.min(100, 20 + (took / WITHIN_S) * 80)}%`}
            bg={why === null ? "teal.6" : "red.6"}
          />
        </Tooltip>
      ))}
    </Group>
  );
}

function Watchdog({ set }: { set: boolean }) {
  if (set)
    return (
      <Stack gap={2} align="flex-start">
        <StateLabel tone="teal" icon={IconCircleCheck} word="Set" />
        <Text size="sm" c="dimmed">
          It is told after every good flight, and pages when it hears nothing.
        </Text>
      </Stack>
    );
  return (
    <Stack gap={2} align="flex-start">
      <StateLabel tone="yellow" icon={IconEyeOff} word="Not set" />
      <Text size="sm" c="dimmed">
        Nobody outside would notice. Make a check with a period of one minute at
        a dead man’s switch elsewhere, or run <Code>pagefree watch</Code> on
        another machine; then set <Code>PAGEFREE_WATCHDOG_URL</Code> for web and
        workers.
      </Text>
    </Stack>
  );
}
