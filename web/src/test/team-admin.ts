import { QueryClient } from "@tanstack/react-query";
import type { Me } from "../api/generated";
import { meQuery } from "../me";

const ME: Me = {
  id: "me",
  name: "Ana",
  email: "ana@example.org",
  platform_admin: false,
  time_zone: "UTC",
  pronounced: null,
  memberships: [
    { team: { id: "t1", name: "Payments" }, role: "team_admin" },
    { team: { id: "t2", name: "Platform" }, role: "responder" },
  ],
  demo: true,
  second_factor_from: null,
  enrolling: false,
  away_from: null,
  away_until: null,
};

/** A cache in which one is signed in as the admin of Payments. */
export function asTeamAdmin(): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 60_000 } },
  });
  queryClient.setQueryData(meQuery.queryKey, ME);
  return queryClient;
}
