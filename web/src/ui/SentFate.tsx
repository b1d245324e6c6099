import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Sent, sentQuery } from "../api/channels";
import { fateOf } from "./fate";
import { StateLabel } from "./StateLabel";

interface Props {
  sent: Sent;
  /** "The test", "The code" */
  what: string;
}

/** What becomes of a message that somebody has just asked for. */
export function SentFate({ sent, what }: Props) {
  const found = useQuery(sentQuery(sent)).data;
  const error = found?.attempts.at(-1)?.error;
  return (
    <Group gap={8} role="status" aria-live="polite">
      <Text size="sm">{what}:</Text>
      <StateLabel
        {...fateOf(found ?? { status: "planned", skip_reason: null })}
      />
      {error && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {error}
        </Text>
      )}
    </Group>
  );
}
