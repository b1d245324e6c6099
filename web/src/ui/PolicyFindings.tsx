import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { PolicyFinding } from "../api/generated";
import { At } from "./Ago";

const LOOK = {
  problem: { color: "red", icon: IconAlertTriangle, word: "Problem" },
  warning: { color: "yellow", icon: IconInfoCircle, word: "Warning" },
};

/** What somebody should look at in a policy; nothing when there is nothing. */
export function PolicyFindings({
  findings,
}: {
  findings: readonly PolicyFinding[];
}) {
  if (findings.length === 0) return null;
  return (
    <Stack gap={6} role="list" aria-label="Findings">
      {findings.map(({ kind, weight, step, user_id, at, detail }) => {
        const { color, icon: Mark, word } = LOOK[weight];
        return (
          <Alert
            key={`${kind} ${step} ${user_id} ${at} ${detail}`}
            role="listitem"
            color={color}
            variant="light"
            p="xs"
            icon={<Mark size={16} aria-label={word} />}
          >
            <Text size="sm">{detail}</Text>
            {at && (
              <Text size="xs">
                First at <At at={at} />
              </Text>
            )}
          </Alert>
        );
      })}
    </Stack>
  );
}
