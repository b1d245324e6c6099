import { Box, Group, Paper } from "@mantine/core";
import { CopyIcon } from "./CopyField";

/** Something to paste elsewhere, with a button that copies it. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <Paper withBorder bg="var(--pf-hover)">
      <Group gap={4} pr={6} wrap="nowrap" align="start">
        <Box
          component="pre"
          m={0}
          p="sm"
          flex={1}
          miw={0}
          ff="monospace"
          fz="sm"
          // it scrolls sideways: the keyboard must reach it
          tabIndex={0}
          style={{ overflowX: "auto", overflowWrap: "normal" }}
        >
          {text}
        </Box>
        <Box pt={6}>
          <CopyIcon label={label} value={text} />
        </Box>
      </Group>
    </Paper>
  );
}
