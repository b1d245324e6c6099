import { queryOptions } from "@tanstack/react-query";
import { getOperations } from "../../api/generated";

// the server measures at most so often; nothing is asked while nobody looks
const LOOK_MS = 5_000;

/** How the pager itself is; for platform admins. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: ({ signal }) => getOperations({ signal }),
  refetchInterval: LOOK_MS,
});
