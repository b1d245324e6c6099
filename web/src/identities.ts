import { queryOptions } from "@tanstack/react-query";
import { listMyIdentities } from "./api/generated";

/** At which identity providers one is known as this person. */
export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: ({ signal }) => listMyIdentities({ signal }),
});
