import { queryOptions } from "@tanstack/react-query";
import { listServiceIntegrations } from "../../api/generated";

/** The sources of alerts of a service. */
export function sourcesQuery(serviceId: string) {
  return queryOptions({
    queryKey: ["services", serviceId, "integrations"],
    queryFn: ({ signal }) =>
      listServiceIntegrations({ path: { service_id: serviceId }, signal }),
  });
}
