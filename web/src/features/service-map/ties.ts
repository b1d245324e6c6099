import type { MappedService, ServiceMap } from "../../api/generated";
import { SERVICE_STATES } from "../../ui/service-states";

export interface Ties {
  /** what each service depends on */
  above: ReadonlyMap<string, readonly Box[]>;
  /** what depends on it */
  below: ReadonlyMap<string, readonly Box[]>;
}

/** A box on the map; that of all services that one may not see has no name of its own. */
export type Box = MappedService & { hidden?: true };

/** All that stands for something; what is hidden is one box, so that nothing hangs in the air. */
export function boxesOf({ services, hidden_id }: ServiceMap): Box[] {
  if (hidden_id === null) return services;
  const hidden: Box = {
    id: hidden_id,
    name: "Hidden",
    team: { id: hidden_id, name: "of teams that you do not see" },
    kind: "technical",
    tier: null,
    lifecycle: "active",
    state: "quiet",
    neighbour: true,
    hidden: true,
  };
  return [...services, hidden];
}

/** What hangs together on the map, both ways. */
export function tiesOf(map: ServiceMap): Ties {
  const { dependencies } = map;
  const byId = new Map(boxesOf(map).map((each) => [each.id, each]));
  const above = new Map<string, Box[]>();
  const below = new Map<string, Box[]>();
  const add = (to: Map<string, Box[]>, id: string, other: Box | undefined) => {
    if (other) to.set(id, [...(to.get(id) ?? []), other]);
  };
  for (const { service_id, depends_on_id } of dependencies) {
    add(above, service_id, byId.get(depends_on_id));
    add(below, depends_on_id, byId.get(service_id));
  }
  return { above, below };
}

function listed(services: readonly Box[] | undefined): string {
  return (
    services
      ?.map(({ name, hidden }) => (hidden ? "something hidden" : name))
      .join(", ") ?? ""
  );
}

/** "Checkout, Needs somebody, depends on API, needed by Shop" */
export function spoken(service: Box, { above, below }: Ties): string {
  const up = listed(above.get(service.id));
  const down = listed(below.get(service.id));
  return [
    service.name,
    service.hidden ? service.team.name : SERVICE_STATES[service.state].word,
    up && `depends on ${up}`,
    down && `needed by ${down}`,
  ]
    .filter(Boolean)
    .join(", ");
}
