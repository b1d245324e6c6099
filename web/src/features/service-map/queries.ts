import { queryOptions } from "@tanstack/react-query";
import { getServiceMap } from "../../api/generated";

/** Which part of the map is asked for, as it is in the address. */
export interface Part {
  team_id?: string;
  tier?: string;
  tag?: string;
  around?: string;
}

export function mapQuery({ tier, ...part }: Part) {
  const wanted = { ...part, tier: tier ? Number(tier) : undefined };
  return queryOptions({
    queryKey: ["service-states", "map", wanted],
    queryFn: ({ signal }) => getServiceMap({ query: wanted, signal }),
  });
}
