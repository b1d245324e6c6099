import { Alert, List, SimpleGrid, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconLock,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Operations, OperationsConcern } from "../../api/generated";
import { useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Canary } from "./Canary";
import { Findings, Intake, Providers } from "./Outside";
import { Database, Processes, Work } from "./Parts";
import { operationsQuery } from "./queries";

/** One page from which an operator knows that the pager itself is healthy. */
export function OperationsPage() {
  const { platform_admin: admin } = useMe();
  return (
    <Page title="PageFree itself">
      {admin ? (
        <Looked />
      ) : (
        <Empty icon={<IconLock size={40} />} title="For platform admins">
          They see here whether the pager itself is healthy. Ask one of them.
        </Empty>
      )}
    </Page>
  );
}

function Looked() {
  const query = useQuery(operationsQuery);
  return (
    <Loaded what="The state of PageFree" query={query}>
      {(operations) => (
        <Stack gap="xl">
          <Verdict operations={operations} unheard={query.error !== null} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
            <Canary canary={operations.canary} />
            <Work work={operations.work} />
            <Processes operations={operations} />
            <Database operations={operations} />
            <Providers providers={operations.providers} />
            <Intake operations={operations} />
          </SimpleGrid>
          <Findings operations={operations} />
        </Stack>
      )}
    </Loaded>
  );
}

interface VerdictProps {
  operations: Operations;
  /** the last question was not answered */
  unheard: boolean;
}

function Verdict({ operations, unheard }: VerdictProps) {
  const { healthy, verdict, concerns, measured_at } = operations;
  if (unheard)
    return (
      <Alert
        color="red"
        icon={<IconAlertTriangle aria-hidden />}
        title="PageFree does not answer"
      >
        What you see is of <Ago at={measured_at} />. Look whether a web process
        runs and reaches the database.
      </Alert>
    );
  return (
    <Alert
      color={healthy ? "teal" : "red"}
      icon={
        healthy ? (
          <IconCircleCheck aria-hidden />
        ) : (
          <IconAlertTriangle aria-hidden />
        )
      }
      title={verdict}
      styles={{ title: { overflowWrap: "anywhere" } }}
    >
      {healthy ? (
        <Text size="sm">Nothing needs you here.</Text>
      ) : (
        <List size="sm" spacing={4}>
          {concerns.map((each) => (
            <Concern key={`${each.alarm} ${each.says}`} concern={each} />
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed" mt={6}>
        Measured <Ago at={measured_at} />, and again every few seconds.
      </Text>
    </Alert>
  );
}

function Concern({ concern }: { concern: OperationsConcern }) {
  const { says, todo } = concern;
  return (
    <List.Item style={{ overflowWrap: "anywhere" }}>
      <Text span size="sm" fw={600}>
        {says.charAt(0).toUpperCase() + says.slice(1)}.
      </Text>{" "}
      {todo}
    </List.Item>
  );
}
