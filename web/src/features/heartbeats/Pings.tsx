import { Box, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Heartbeat, HeartbeatPing } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { PINGS } from "./look";
import { pingQuery, pingsQuery } from "./queries";

/** The last hundred pings, newest first. */
export function Pings({ heartbeat }: { heartbeat: Heartbeat }) {
  const query = useQuery(pingsQuery(heartbeat.id));
  return (
    <Section title="Pings">
      <Loaded what="The pings" query={query}>
        {(pings) =>
          pings.length === 0 ? (
            <Text size="sm" c="dimmed">
              None yet: they appear here as they come.
            </Text>
          ) : (
            <Rows label="Pings">
              {pings.map((ping) => (
                <PingRow
                  key={ping.number}
                  ping={ping}
                  heartbeatId={heartbeat.id}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

interface Props {
  ping: HeartbeatPing;
  heartbeatId: string;
}

function PingRow({ ping, heartbeatId }: Props) {
  const { number, kind, exit_status, at, duration_s, body } = ping;
  return (
    <Row
      main={
        <>
          <Group gap="sm">
            <Text size="sm" c="dimmed" miw={36}>
              #{number}
            </Text>
            <StateLabel {...PINGS[kind]} />
            {exit_status !== null && (
              <Text size="sm" c="dimmed">
                exit status {exit_status}
              </Text>
            )}
          </Group>
          {body && <Body ping={ping} heartbeatId={heartbeatId} />}
        </>
      }
      side={
        <>
          {duration_s !== null && (
            <Text size="sm" c="dimmed">
              took {duration(duration_s)}
            </Text>
          )}
          <Text size="sm" c="dimmed" lineClamp={1} title={ping.user_agent}>
            {ping.method} from {ping.remote_address}
          </Text>
          <Text size="sm" c="dimmed" miw={84} ta="right">
            <Ago at={at} />
          </Text>
        </>
      }
    />
  );
}

/** What a ping said: its beginning, and all of it when asked. */
function Body({ ping, heartbeatId }: Props) {
  const [whole, setWhole] = useState(false);
  const cut = ping.body_size > new TextEncoder().encode(ping.body).length;
  const query = useQuery({
    ...pingQuery(heartbeatId, ping.number),
    enabled: whole && cut,
  });
  const long = cut || ping.body.split("\n").length > 3;
  return (
    <>
      <Box
        component="pre"
        m={0}
        mt={4}
        fz="xs"
        ff="monospace"
        mah={whole ? 400 : "4.5em"}
        style={{
          whiteSpace: "pre-wrap",
          overflow: whole ? "auto" : "hidden",
        }}
      >
        {(whole && query.data?.body) || ping.body}
      </Box>
      {long && (
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? "Less" : "All of it"}
        </Button>
      )}
    </>
  );
}
