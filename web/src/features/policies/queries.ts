import { queryOptions } from "@tanstack/react-query";
import { getEscalationPolicy } from "../../api/generated";

export function policyQuery(id: string) {
  return queryOptions({
    queryKey: ["policies", id],
    queryFn: ({ signal }) =>
      getEscalationPolicy({ path: { policy_id: id }, signal }),
  });
}
