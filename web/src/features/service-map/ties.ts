import type { MappedService, ServiceMap } from "../../api/generated";
import { SERVICE_STATES } from "../../ui/service-states";

export interface Ties {
  /** what each service depends on */
  above: ReadonlyMap<string, readonly MappedService[]>;
  /** what depends on it */
  below: ReadonlyMap<string, readonly MappedService[]>;
}

/** What hangs together on the map, both ways. */
export function tiesOf({ services, dependencies }: ServiceMap): Ties {
  const byId = new Map(services.map((each) => [each.id, each]));
  const above = new Map<string, MappedService[]>();
  const below = new Map<string, MappedService[]>();
  const add = (
    to: Map<string, MappedService[]>,
    id: string,
    other: MappedService | undefined,
  ) => {
    if (other) to.set(id, [...(to.get(id) ?? []), other]);
  };
  for (const { service_id, depends_on_id } of dependencies) {
    add(above, service_id, byId.get(depends_on_id));
    add(below, depends_on_id, byId.get(service_id));
  }
  return { above, below };
}

function listed(services: readonly MappedService[] | undefined): string {
  return services?.map(({ name }) => name).join(", ") ?? "";
}

/** "Checkout, Needs somebody, depends on API, needed by Shop" */
export function spoken(service: MappedService, { above, below }: Ties): string {
  const up = listed(above.get(service.id));
  const down = listed(below.get(service.id));
  return [
    service.name,
    SERVICE_STATES[service.state].word,
    up && `depends on ${up}`,
    down && `needed by ${down}`,
  ]
    .filter(Boolean)
    .join(", ");
}
