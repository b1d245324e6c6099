import { Alert, Text } from "@mantine/core";
import { IconBarrierBlock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { MaintenanceWindow } from "../api/generated";
import { maintenanceQuery } from "../api/queries";
import { Ago, At } from "./Ago";
import { TextLink } from "./links";
import { useNow } from "./now";
import { StateLabel } from "./StateLabel";

interface ServiceRef {
  id: string;
  team: { id: string };
}

/** Whether planned work is under way at `now`; a repeated one has its next time by itself. */
export function isUnderWay(
  { next_start_at, next_end_at }: MaintenanceWindow,
  now: number,
): boolean {
  if (!next_start_at || !next_end_at) return false;
  return Date.parse(next_start_at) <= now && now < Date.parse(next_end_at);
}

/** Whether planned work is about this service, with all its alerts or some. */
export function isAbout(
  { service_ids = [], team }: MaintenanceWindow,
  service: ServiceRef,
): boolean {
  if (team && team.id !== service.team.id) return false;
  return service_ids.length === 0 || service_ids.includes(service.id);
}

/** The planned work that is under way: of a service, or all of it. */
function useUnderWay(service?: ServiceRef): MaintenanceWindow[] {
  const now = useNow();
  const { data = [] } = useQuery(maintenanceQuery);
  return data.filter(
    (each) => isUnderWay(each, now) && (!service || isAbout(each, service)),
  );
}

/** A word in a row of a service on which somebody works. */
export function MaintenanceMark({ service }: { service: ServiceRef }) {
  if (useUnderWay(service).length === 0) return null;
  return (
    <StateLabel tone="violet" icon={IconBarrierBlock} word="Maintenance" />
  );
}

/** One line that says why it is so quiet: of a service, or of everything. */
export function MaintenanceNote({ service }: { service?: ServiceRef }) {
  const [first, ...more] = useUnderWay(service);
  if (!first?.next_end_at) return null;
  const some = Object.keys(first.labels ?? {}).length > 0;
  return (
    <Alert
      color="violet"
      variant="light"
      py={8}
      icon={<IconBarrierBlock aria-hidden />}
    >
      <Text size="sm">
        <TextLink
          to="/maintenance"
          inherit
          fw={600}
          // a coloured word on a colour is hard to read
          c="inherit"
          underline="always"
        >
          {first.name}
        </TextLink>{" "}
        until <At at={first.next_end_at} />, it ends{" "}
        <Ago at={first.next_end_at} />:{" "}
        {service && !some ? "new alerts page" : "some new alerts page"} nobody
        meanwhile.
        {more.length > 0 && ` And ${more.length} more.`}
      </Text>
    </Alert>
  );
}
