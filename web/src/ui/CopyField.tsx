import { ActionIcon, CopyButton, Group, Paper, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

interface Props {
  /** what is copied, for screen readers: "the routing key" */
  label: string;
  value: string;
}

/** A key, an id or an address, with a button that copies it. */
export function CopyField({ label, value }: Props) {
  return (
    <Paper withBorder px="sm" py={4}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text ff="monospace" size="sm" style={{ overflowWrap: "anywhere" }}>
          {value}
        </Text>
        <CopyIcon label={label} value={value} />
      </Group>
    </Paper>
  );
}

/** Only the button. */
export function CopyIcon({ label, value }: Props) {
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color={copied ? "teal" : "gray"}
          aria-label={copied ? "Copied" : `Copy ${label}`}
          onClick={copy}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
