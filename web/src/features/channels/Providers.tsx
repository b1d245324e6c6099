import { Box, Table, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconHeartRateMonitor,
  IconPlayerPause,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../../api/channels";
import type { ProviderHealth } from "../../api/generated";
import { Countdown } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { providersQuery } from "./queries";
import { shareOf, spentOn, waitOf } from "./rates";

/** How well each provider did in the last day. */
export function Providers() {
  const query = useQuery(providersQuery);
  return (
    <Loaded what="The providers" query={query}>
      {(providers) =>
        providers.length === 0 ? (
          <Empty
            icon={<IconHeartRateMonitor size={40} />}
            title="Nothing was sent in the last 24 hours"
          >
            As soon as somebody is told of something, it is shown here how well
            each provider did.
          </Empty>
        ) : (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              The last 24 hours. Taken: the provider has accepted the message.
              Known to arrive: it, or somebody’s answer, said so; many never
              say.
            </Text>
            <Box visibleFrom="sm">
              <Wide providers={providers} />
            </Box>
            <Box hiddenFrom="sm">
              <Rows label="Providers">
                {providers.map((each) => (
                  <Narrow key={keyOf(each)} health={each} />
                ))}
              </Rows>
            </Box>
          </>
        )
      }
    </Loaded>
  );
}

function keyOf({ channel, provider }: ProviderHealth) {
  return `${channel} ${provider}`;
}

function Wide({ providers }: { providers: ProviderHealth[] }) {
  return (
    <Table fz="sm" verticalSpacing={8} style={{ overflowWrap: "normal" }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Provider</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Attempts</Table.Th>
          <Table.Th ta="right">Taken</Table.Th>
          <Table.Th ta="right">Known to arrive</Table.Th>
          <Table.Th ta="right">Answer takes</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {providers.map((each) => (
          <Provider key={keyOf(each)} health={each} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The same where there is no room for a table. */
function Narrow({ health }: { health: ProviderHealth }) {
  const { attempts, accepted, delivered } = health;
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600}>
            <Title health={health} />
          </Text>
          <Text size="sm" c="dimmed">
            {attempts === 1 ? "1 attempt" : `${attempts} attempts`}
            {health.segments > 0 &&
              `, ${spentOn(health.segments, health.cost)}`}
            {" · "}
            {shareOf(accepted, attempts)} taken
            {delivered > 0 &&
              ` · ${delivered.toLocaleString()} known to arrive`}
            {" · "}
            answers in {waitOf(health.median_s)}
            {health.slowest_s !== health.median_s &&
              ` (95 %: ${waitOf(health.slowest_s)})`}
          </Text>
        </>
      }
      side={
        <Box>
          <Breaker health={health} />
        </Box>
      }
    />
  );
}

function Title({ health }: { health: ProviderHealth }) {
  const channels = useQuery(channelsQuery).data ?? [];
  const { channel, provider } = health;
  const title = channels.find(({ kind }) => kind === channel)?.title ?? channel;
  return provider ? `${title} · ${provider}` : title;
}

function Provider({ health }: { health: ProviderHealth }) {
  const { attempts, accepted, delivered } = health;
  return (
    <Table.Tr>
      <Table.Td>
        <Title health={health} />
      </Table.Td>
      <Table.Td>
        <Breaker health={health} />
      </Table.Td>
      <Table.Td ta="right">
        {attempts.toLocaleString()}
        {health.segments > 0 && (
          <Text size="xs" c="dimmed">
            {spentOn(health.segments, health.cost)}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{shareOf(accepted, attempts)}</Table.Td>
      <Table.Td ta="right">
        {delivered > 0 ? delivered.toLocaleString() : "–"}
      </Table.Td>
      <Table.Td ta="right">
        {waitOf(health.median_s)}
        {health.slowest_s !== null && (
          <Text size="xs" c="dimmed">
            95 %: {waitOf(health.slowest_s)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Breaker({ health }: { health: ProviderHealth }) {
  const { broken_reason, rests_until, failures, attempts, accepted } = health;
  const now = useNow();
  if (broken_reason)
    return (
      <>
        <StateLabel tone="red" icon={IconAlertTriangle} word="Refuses us" />
        <Text size="xs" style={{ overflowWrap: "anywhere" }}>
          {broken_reason}
        </Text>
      </>
    );
  if (rests_until && Date.parse(rests_until) > now)
    return (
      <>
        <StateLabel tone="orange" icon={IconPlayerPause} word="Resting" />
        <Text size="xs">
          asked again in <Countdown at={rests_until} />
        </Text>
      </>
    );
  if (failures > 0)
    return (
      <StateLabel
        tone="yellow"
        icon={IconAlertTriangle}
        word={`${failures} failed in a row`}
      />
    );
  if (accepted < attempts / 2)
    return (
      <StateLabel
        tone="yellow"
        icon={IconAlertTriangle}
        word={accepted === 0 ? "Takes nothing" : "Fails often"}
      />
    );
  return <StateLabel tone="teal" icon={IconCircleCheck} word="Works" />;
}
