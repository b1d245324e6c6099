import { Button, Code, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { CopyIcon } from "./CopyField";

/** JSON laid out, anything else as it is. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What a tool sent, byte for byte enough to read; shut at first. Of what is over it may be gone. */
export function Payload({ text }: { text: string | null }) {
  const [opened, { toggle }] = useDisclosure();
  if (text === null)
    return (
      <Text size="sm" c="dimmed">
        The last payload is no longer kept.
      </Text>
    );
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          ml={-8}
          onClick={toggle}
          aria-expanded={opened}
        >
          {opened ? "Hide the last payload" : "Show the last payload"}
        </Button>
        {opened && <CopyIcon label="the payload" value={text} />}
      </Group>
      <Collapse expanded={opened}>
        <Code block mah={400} style={{ overflow: "auto" }}>
          {laidOut(text)}
        </Code>
      </Collapse>
    </Stack>
  );
}
