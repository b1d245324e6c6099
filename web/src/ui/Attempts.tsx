import { List, Text } from "@mantine/core";
import type { NotificationAttempt } from "../api/generated";
import { Ago } from "./Ago";
import { attemptWords } from "./attempt-words";

/** Each call to a provider, what it answered, and what it told later. */
export function Attempts({
  attempts,
}: {
  attempts: readonly NotificationAttempt[];
}) {
  if (attempts.length === 0)
    return (
      <Text size="xs" c="dimmed">
        No provider was asked.
      </Text>
    );
  return (
    <List type="ordered" size="xs" aria-label="Attempts">
      {attempts.map((attempt) => (
        <List.Item key={attempt.number} style={{ overflowWrap: "anywhere" }}>
          {attemptWords(attempt)} · <Ago at={attempt.started_at} />
        </List.Item>
      ))}
    </List>
  );
}
