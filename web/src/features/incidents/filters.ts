import type { ListIncidentsData } from "../../api/generated";

type Query = NonNullable<ListIncidentsData["query"]>;

export const TABS = ["mine", "open", "all"] as const;
export type Tab = (typeof TABS)[number];

const STATUSES = ["triggered", "acknowledged", "resolved"] as const;
const URGENCIES = ["high", "low"] as const;
const SEVERITIES = ["critical", "error", "warning", "info"] as const;

/** What the list shows; it is the part of the address after the question mark. */
export interface Filters {
  tab: Tab;
  status?: (typeof STATUSES)[number];
  team?: string;
  service?: string;
  urgency?: (typeof URGENCIES)[number];
  severity?: (typeof SEVERITIES)[number];
  query?: string;
}

export const CHOICES = {
  status: STATUSES,
  urgency: URGENCIES,
  severity: SEVERITIES,
};

function oneOf<T extends string>(
  allowed: readonly T[],
  value: string | undefined,
): T | undefined {
  return allowed.find((each) => each === value);
}

/** The filters that an address asks for; what it misspells is left out. */
export function filtersOf(search: Readonly<Record<string, string>>): Filters {
  return {
    tab: oneOf(TABS, search.tab) ?? "open",
    status: oneOf(STATUSES, search.status),
    team: search.team,
    service: search.service,
    urgency: oneOf(URGENCIES, search.urgency),
    severity: oneOf(SEVERITIES, search.severity),
    query: search.query,
  };
}

/** The address of filters: the reverse of `filtersOf`, without what is the default. */
export function searchOf({ tab, ...rest }: Filters): Record<string, string> {
  const search: Record<string, string> = tab === "open" ? {} : { tab };
  for (const [name, value] of Object.entries(rest)) {
    if (value) search[name] = value;
  }
  return search;
}

/** What to ask the server for. */
export function queryOf(filters: Filters): Query {
  return {
    status: filters.status ?? (filters.tab === "all" ? "all" : "open"),
    mine: filters.tab === "mine" || undefined,
    team_id: filters.team,
    service_id: filters.service,
    urgency: filters.urgency,
    severity: filters.severity,
    query: filters.query,
  };
}

/** Is anything but the tab chosen? */
export function isFiltered({ tab: _, ...rest }: Filters): boolean {
  return Object.values(rest).some(Boolean);
}
