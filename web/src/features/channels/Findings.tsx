import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "../../ui/Ago";
import { findingsQuery } from "./queries";

/** What is wrong with reaching people, for as long as it is. */
export function Findings() {
  const findings = useQuery(findingsQuery).data ?? [];
  return (
    <Stack gap="xs" mb={findings.length > 0 ? "md" : 0}>
      {findings.map(({ id, detail, found_at }) => (
        <Alert
          key={id}
          color="orange"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
        >
          <Text size="sm">{detail}</Text>
          <Text size="xs" c="dimmed">
            Found <Ago at={found_at} />
          </Text>
        </Alert>
      ))}
    </Stack>
  );
}
