import { Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type {
  Operations,
  OperationsProcess,
  WaitingWork,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Fact, Facts } from "../../ui/Facts";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { seconds, size, workName } from "./words";

/** What is due, and how late the oldest of each is. */
export function Work({ work }: { work: readonly WaitingWork[] }) {
  return (
    <Section title="Queues">
      <Table fz="sm" verticalSpacing={6} style={{ overflowWrap: "normal" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Work</Table.Th>
            <Table.Th ta="right">Due now</Table.Th>
            <Table.Th ta="right">Oldest</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {work.map((each) => (
            <Table.Tr key={each.what}>
              <Table.Td>{workName(each.what)}</Table.Td>
              <Table.Td ta="right">
                {each.due_count?.toLocaleString() ?? ""}
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                <Late work={each} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Late({ work: { late_s, most_s } }: { work: WaitingWork }) {
  if (late_s > most_s)
    return (
      <StateLabel tone="red" icon={IconAlertTriangle} word={duration(late_s)} />
    );
  return <>{late_s < 1 ? "in time" : duration(late_s)}</>;
}

/** What runs where, and since when it was heard of last. */
export function Processes({ operations }: { operations: Operations }) {
  const { processes, version } = operations;
  return (
    <Section title="Processes">
      <Rows label="Processes">
        {processes.map((each) => (
          <Process
            key={`${each.kind} ${each.host} ${each.started_at}`}
            process={each}
            ours={version}
          />
        ))}
      </Rows>
    </Section>
  );
}

function Process(props: { process: OperationsProcess; ours: string }) {
  const { kind, host, version, started_at, beat_at, silent } = props.process;
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {kind} on {host}
          </Text>
          <Text size="sm" c="dimmed">
            {version || "an older version"}
            {version !== props.ours && ` (this is ${props.ours})`} · started{" "}
            <Ago at={started_at} />
          </Text>
        </>
      }
      side={
        <div>
          {silent ? (
            <StateLabel tone="red" icon={IconAlertTriangle} word="Silent" />
          ) : (
            <StateLabel tone="teal" icon={IconCircleCheck} word="Alive" />
          )}
          <Text size="xs" c="dimmed">
            heard of <Ago at={beat_at} />
          </Text>
        </div>
      }
    />
  );
}

/** PostgreSQL, the disk, and the room for what comes. */
export function Database({ operations }: { operations: Operations }) {
  const { database: has, room } = operations;
  return (
    <Section title="Database">
      <Facts>
        <Fact name="Server">
          PostgreSQL {has.version}, {size(has.bytes)}
        </Fact>
        <Fact name="Disk">
          {has.disk_free === null
            ? "not known here"
            : `${Math.floor(has.disk_free * 100)} % free`}
        </Fact>
        <Fact name="Replicas">
          {has.replica_count === 0
            ? "none"
            : `${has.replica_count}, at most ${seconds(has.replication_lag_s)} behind`}
        </Fact>
        <Fact name="Oldest row">
          {has.transaction_age.toLocaleString()} transactions; PostgreSQL stops
          at two billion
        </Fact>
        <Fact name="Clocks">
          {Math.abs(has.clock_offset_s) < 0.1
            ? "agree"
            : `differ by ${seconds(Math.abs(has.clock_offset_s))}`}
        </Fact>
        <Fact name="Partitions">
          {room.finding ??
            `${room.partition_count}, for ${room.days_ahead} days to come`}
          {room.unplaced_count > 0 &&
            `; ${room.unplaced_count.toLocaleString()} requests found none`}
        </Fact>
      </Facts>
    </Section>
  );
}
