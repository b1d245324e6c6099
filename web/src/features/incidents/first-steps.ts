import { queryOptions } from "@tanstack/react-query";
import {
  listEscalationPolicies,
  listIntegrations,
  listServices,
  listTeams,
} from "../../api/generated";

export interface Step {
  name: "team" | "policy" | "service" | "integration";
  title: string;
  why: string;
  to: "/team" | "/policies/$policyId" | "/services" | "/integrations";
  params?: { policyId: string };
  search?: Record<string, string>;
}

/** From an empty installation to the first page, in this order. */
export const STEPS: readonly Step[] = [
  {
    name: "team",
    title: "Make a team",
    why: "Its people are paged, and its admins set up what it needs. Add them once it is there.",
    to: "/team",
    search: { tab: "teams" },
  },
  {
    name: "policy",
    title: "Say who is paged",
    why: "An escalation policy names who is paged first, how long they have, and who is next: people, a team, or whoever is on call in a schedule.",
    to: "/policies/$policyId",
    params: { policyId: "new" },
  },
  {
    name: "service",
    title: "Add a service",
    why: "A service is what you monitor: a website, a database, a job. It uses the policy when something is wrong with it.",
    to: "/services",
  },
  {
    name: "integration",
    title: "Connect a tool",
    why: "A monitoring tool sends alerts with a key of its own; you can send a test alert right away and watch the page arrive.",
    to: "/integrations",
    search: { connect: "1" },
  },
];

/** Which steps are done. */
export const doneQuery = queryOptions({
  queryKey: ["first-steps"],
  queryFn: async ({ signal }) => {
    const few = { query: { limit: 1 }, signal };
    const [teams, policies, services, integrations] = await Promise.all([
      listTeams({ signal }),
      listEscalationPolicies({ signal }),
      listServices(few),
      listIntegrations(few),
    ]);
    const counts = {
      team: teams.length,
      policy: policies.length,
      service: services.items.length,
      integration: integrations.items.length,
    };
    const done = STEPS.filter(({ name }) => counts[name] > 0);
    return new Set(done.map(({ name }) => name));
  },
  // whoever comes back has done one of them just now
  staleTime: 0,
});
