import { Text } from "@mantine/core";
import { Fragment } from "react";
import type { ServiceMap } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { SERVICE_STATES } from "../../ui/service-states";
import { type Box, tiesOf } from "./ties";

/** The same as the picture, to be read line by line: what is wrong first. */
export function MapList({ map }: { map: ServiceMap }) {
  const { above, below } = tiesOf(map);
  return (
    <Rows label="Services on the map">
      {map.services.map((service) => (
        <Row
          key={service.id}
          main={
            <>
              <Name service={service} strong />
              <Text size="sm" c="dimmed">
                {service.team.name}
                {service.neighbour && " · touches what was asked for"}
              </Text>
              <Ties word="Depends on" services={above.get(service.id)} />
              <Ties word="Needed by" services={below.get(service.id)} />
            </>
          }
          side={<StateLabel {...SERVICE_STATES[service.state]} />}
        />
      ))}
    </Rows>
  );
}

function Name({
  service: { id, name, hidden },
  strong,
}: {
  service: Box;
  strong?: boolean;
}) {
  if (hidden)
    return (
      <Text span inherit c="dimmed">
        something of a team that you do not see
      </Text>
    );
  return (
    <TextLink
      to="/services/$serviceId"
      params={{ serviceId: id }}
      fw={strong ? 600 : undefined}
      inherit={!strong}
    >
      {name}
    </TextLink>
  );
}

interface TiesProps {
  word: string;
  services: readonly Box[] | undefined;
}

function Ties({ word, services }: TiesProps) {
  if (!services) return null;
  return (
    <Text size="sm">
      {word}{" "}
      {services.map((service, at) => (
        <Fragment key={service.id}>
          {at > 0 && ", "}
          <Name service={service} />
        </Fragment>
      ))}
    </Text>
  );
}
