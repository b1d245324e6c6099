import { queryOptions } from "@tanstack/react-query";
import {
  listMyCoverRequests,
  listMyOnCall,
  listMySwaps,
  listOnCall,
} from "../../api/generated";

// a hand-off is no event: look again now and then
const EVERY_MS = 60_000;

export const onCallQuery = queryOptions({
  queryKey: ["on-call", "all"],
  queryFn: ({ signal }) => listOnCall({ signal }),
  refetchInterval: EVERY_MS,
});

export const myShiftsQuery = queryOptions({
  queryKey: ["on-call", "mine"],
  queryFn: ({ signal }) => listMyOnCall({ signal }),
});

// below "schedules": what changes there may change these
export const mySwapsQuery = queryOptions({
  queryKey: ["schedules", "my-swaps"],
  queryFn: ({ signal }) => listMySwaps({ signal }),
});

export const myCoverRequestsQuery = queryOptions({
  queryKey: ["schedules", "my-cover-requests"],
  queryFn: ({ signal }) => listMyCoverRequests({ signal }),
});
