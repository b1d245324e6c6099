import { Stack, Text } from "@mantine/core";
import { At } from "../../ui/Ago";
import type { Line } from "./content";
import classes from "./Story.module.css";

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
    <Stack component="ol" gap={0} p={0} m={0} className={classes.story}>
      {lines.map(({ id, at, text, incident }) => (
        <li key={id} className={classes.line}>
          <Text size="sm" c="dimmed">
            <At at={at} />
            {several && incident !== null && ` · #${incident}`}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {text}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
