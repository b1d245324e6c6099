import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Section } from "../../ui/Section";

/** Everything that was ever done with runbooks, to take along. */
export function Audit() {
  return (
    <Section title="Audit">
      <Text size="sm" c="dimmed">
        Who wrote, reviewed, approved and ran what, with which parameters, and
        what came back: one line of JSON each. Every line carries a hash of the
        one before, so that nobody can take one out unnoticed.
      </Text>
      <Group>
        <Button
          component="a"
          href="/v1/runbook-audit/export"
          download="runbook-audit.ndjson"
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Export the audit
        </Button>
      </Group>
    </Section>
  );
}
