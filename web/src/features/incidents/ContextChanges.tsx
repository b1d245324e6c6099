import { Stack, Text } from "@mantine/core";
import type { RecentChange } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { isWebAddress } from "../../ui/AlertFacts";
import { ContextLinks } from "./ContextLinks";

interface Props {
  changes: readonly RecentChange[];
  /** of the incident: a change of another one says of which */
  serviceId: string;
}

/** Deployments and other changes that may have done it, the latest first. */
export function ContextChanges({ changes, serviceId }: Props) {
  return (
    <Stack
      component="ul"
      gap={8}
      m={0}
      p={0}
      aria-label="Changes"
      style={{ listStyle: "none" }}
    >
      {changes.map(
        ({ id, service_id, service, summary, source, at, links }) => (
          <li key={id}>
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {summary}
            </Text>
            <Text size="xs" c="dimmed">
              <Ago at={at} />
              {source && `, ${source}`}
              {service_id !== serviceId && `, of ${service}`}
            </Text>
            <ContextLinks
              links={links.filter(({ href }) => isWebAddress(href))}
            />
          </li>
        ),
      )}
    </Stack>
  );
}
