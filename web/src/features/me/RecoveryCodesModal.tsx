import {
  Button,
  Checkbox,
  CopyButton,
  Group,
  Modal,
  Paper,
  SimpleGrid,
  Stack,
  Text,
} from "@mantine/core";
import { useState } from "react";

interface Props {
  codes: string[];
  onClose: () => void;
}

/** Codes that are shown only now; it closes once they are said to be kept. */
export function RecoveryCodesModal({ codes, onClose }: Props) {
  const [kept, setKept] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title="Keep your recovery codes"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack>
        <Text size="sm">
          Without your devices, each of these signs you in once, after your
          password. They are shown only now: print them, or keep them where you
          keep passwords.
        </Text>
        <Paper withBorder p="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
            {codes.map((code) => (
              <Text key={code} ff="monospace" size="sm">
                {code}
              </Text>
            ))}
          </SimpleGrid>
        </Paper>
        <Checkbox
          label="I have kept them"
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Group justify="end">
          <CopyButton value={codes.join("\n")}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy them"}
              </Button>
            )}
          </CopyButton>
          <Button disabled={!kept} onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
