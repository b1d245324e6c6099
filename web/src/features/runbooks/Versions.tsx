import { Group, Text } from "@mantine/core";
import type { RunbookDetail } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { VERSION_STATES } from "./words";

/** Every version that was ever saved, newest first. */
export function Versions({ runbook }: { runbook: RunbookDetail }) {
  return (
    <Section title="Versions">
      <Rows label="Versions">
        {runbook.versions.map((version) => (
          <Row
            key={version.number}
            main={
              <>
                <Group gap="xs" justify="space-between">
                  <TextLink
                    to="/runbooks/$runbookId/versions/$number"
                    params={{
                      runbookId: runbook.id,
                      number: String(version.number),
                    }}
                    fw={600}
                  >
                    Version {version.number}
                  </TextLink>
                  <StateLabel {...VERSION_STATES[version.state]} />
                </Group>
                <Text size="sm" c="dimmed">
                  {version.author.name}, <Ago at={version.created_at} />
                  {version.note && `: ${version.note}`}
                </Text>
              </>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
