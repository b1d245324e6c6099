import { Stack, Text } from "@mantine/core";
import type { RecentChange } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { isWebAddress } from "../../ui/AlertFacts";
import { duration } from "../../ui/time";
import { ContextLinks } from "./ContextLinks";
import { beforeS } from "./context-words";

interface Props {
  changes: readonly RecentChange[];
  /** of the incident: a change of another one says of which */
  serviceId: string;
  /** changes before it say how long before */
  openedAt?: string;
}

/** Deployments and other changes that may have done it, the latest first. */
export function ContextChanges({ changes, serviceId, openedAt }: Props) {
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
              {openedAt ? (
                `${duration(beforeS(at, openedAt))} before it opened`
              ) : (
                <Ago at={at} />
              )}
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
