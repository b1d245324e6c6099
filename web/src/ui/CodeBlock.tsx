import { Box, Paper } from "@mantine/core";
import { CopyIcon } from "./CopyField";

/** Something to paste elsewhere, with a button that copies it. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <Paper withBorder pos="relative" bg="var(--pf-hover)">
      <Box
        component="pre"
        m={0}
        p="sm"
        pr={44}
        ff="monospace"
        fz="sm"
        // it scrolls sideways: the keyboard must reach it
        tabIndex={0}
        style={{ overflowX: "auto", overflowWrap: "normal" }}
      >
        {text}
      </Box>
      <Box pos="absolute" top={6} right={6}>
        <CopyIcon label={label} value={text} />
      </Box>
    </Paper>
  );
}
