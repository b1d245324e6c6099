import { Alert, Button, Group } from "@mantine/core";

interface Props {
  /** what the button does, in words */
  discard: string;
  onDiscard: () => void;
}

/** What was drawn and not saved has been brought back; it can be let go. */
export function KeptNotice({ discard, onDiscard }: Props) {
  return (
    <Alert color="blue" variant="light" p="xs">
      <Group justify="space-between" gap="xs">
        What you had drawn and not saved is still here.
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {discard}
        </Button>
      </Group>
    </Alert>
  );
}
