import { Text, Timeline } from "@mantine/core";
import { At } from "../../ui/Ago";
import type { Line } from "./content";

/** What happened, line by line. */
export function Story({ lines }: { lines: readonly Line[] }) {
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing is told.
      </Text>
    );
  const several = new Set(lines.map(({ incident }) => incident)).size > 1;
  return (
    <Timeline bulletSize={12} lineWidth={2} color="gray">
      {lines.map(({ id, at, text, incident }) => (
        <Timeline.Item key={id}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            <Text span inherit c="dimmed">
              <At at={at} />
              {several && incident !== null && ` · #${incident}`}
            </Text>{" "}
            {text}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
