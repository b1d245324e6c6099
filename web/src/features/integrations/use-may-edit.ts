import { useQuery } from "@tanstack/react-query";
import { oneServiceQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";

/** May I change what belongs to this service? Not before it is known whose it is. */
export function useMayEdit(serviceId: string | undefined): boolean {
  const me = useMe();
  const service = useQuery({
    ...oneServiceQuery(serviceId ?? ""),
    enabled: serviceId !== undefined,
  });
  const owner = service.data?.team.id;
  return owner !== undefined && canEditTeam(me, owner);
}
