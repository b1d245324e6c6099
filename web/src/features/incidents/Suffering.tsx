import { Group, Stack, Text } from "@mantine/core";
import type { SufferingService } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { SERVICE_STATES } from "../../ui/service-states";

interface Props {
  services: readonly SufferingService[];
  /** all of them: more than are shown */
  count: number;
  /** of the incident */
  serviceId: string;
}

/** What hangs on the service of an incident: what people buy first, then by tier. */
export function Suffering({ services, count, serviceId }: Props) {
  const left = count - services.length;
  return (
    <Stack
      component="ul"
      gap={6}
      m={0}
      p={0}
      style={{ listStyle: "none" }}
      aria-label="Services that depend on it"
    >
      {services.map(({ id, name, team, kind, tier, state }) => (
        <li key={id}>
          <Group gap="0 10px">
            <TextLink
              to="/services/$serviceId"
              params={{ serviceId: id }}
              size="sm"
            >
              {name}
            </TextLink>
            {state !== "quiet" && <StateLabel {...SERVICE_STATES[state]} />}
          </Group>
          <Text size="xs" c="dimmed">
            {[kind === "business" && "business", tier && `tier ${tier}`, team]
              .filter(Boolean)
              .join(" · ")}
          </Text>
        </li>
      ))}
      <li>
        <TextLink to="/service-map" search={{ around: serviceId }} size="sm">
          {left > 0 ? `${left} more, on the map` : "Show it on the map"}
        </TextLink>
      </li>
    </Stack>
  );
}
