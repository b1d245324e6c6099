import { queryOptions } from "@tanstack/react-query";
import {
  listEscalationPolicies,
  listIncidentNotifications,
  listIncidents,
  listSchedules,
  listServiceIntegrations,
  listServices,
} from "../../api/generated";

const LOOK_MS = 1_500;

/** What a team has of all that it takes to page somebody. */
export function whatThereIsQuery(teamId: string) {
  return queryOptions({
    queryKey: ["set-up", teamId],
    queryFn: async ({ signal }) => {
      const [schedules, policies, services] = await Promise.all([
        listSchedules({ signal }),
        listEscalationPolicies({ signal }),
        listServices({
          query: { team_id: teamId, kind: "technical", limit: 50 },
          signal,
        }),
      ]);
      const ours = ({ team }: { team: { id: string } }) => team.id === teamId;
      const service =
        services.items.find(({ escalation_policy }) => escalation_policy) ??
        services.items[0];
      const integrations = service
        ? await listServiceIntegrations({
            path: { service_id: service.id },
            signal,
          })
        : [];
      return {
        schedule: schedules.find(ours),
        policy: policies.find(ours),
        service,
        integration: integrations.find(({ disabled_at }) => !disabled_at),
      };
    },
    // whoever comes back has made one of them just now
    staleTime: 0,
  });
}

/** The newest incident of a service, and who was told of it; looked at until it is there. */
export function firstPageQuery(serviceId: string) {
  return queryOptions({
    queryKey: ["set-up", "page", serviceId],
    queryFn: async ({ signal }) => {
      const { items } = await listIncidents({
        query: { service_id: serviceId, status: "all", limit: 1 },
        signal,
      });
      const incident = items[0];
      if (!incident) return null;
      const told = await listIncidentNotifications({
        path: { incident_id: incident.id },
        signal,
      });
      return { incident, told };
    },
    refetchInterval: LOOK_MS,
  });
}
