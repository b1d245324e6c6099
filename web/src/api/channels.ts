import { queryOptions } from "@tanstack/react-query";
import {
  listChannels,
  listContactMethods,
  searchNotifications,
} from "./generated";

/** Every way to reach people that is installed. */
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => listChannels({ signal }),
  staleTime: 60_000,
});

export function methodsQuery(userId: string) {
  return queryOptions({
    queryKey: ["contact-methods", userId],
    queryFn: ({ signal }) =>
      listContactMethods({ path: { user_id: userId }, signal }),
  });
}

const LOOK_MS = 1_500;
const OPEN = ["planned", "sending"];
/** as long as a receipt may still come */
const RECEIPT_MS = 60_000;

export interface Sent {
  notificationId: string;
  channel: string;
  userId: string;
  /** of the clock of this browser, in ms */
  at: number;
}

/** What becomes of one message; looked at until there is no more to come. */
export function sentQuery({ notificationId, channel, userId, at }: Sent) {
  return queryOptions({
    queryKey: ["delivery-log", "one", notificationId],
    queryFn: async ({ signal }) => {
      const query = { channel, user_id: userId, limit: 20 };
      const { items } = await searchNotifications({ query, signal });
      return items.find(({ id }) => id === notificationId) ?? null;
    },
    refetchInterval: ({ state }) => {
      const status = state.data?.status;
      if (!status || OPEN.includes(status)) return LOOK_MS;
      const waits = status === "accepted" && Date.now() - at < RECEIPT_MS;
      return waits ? 2 * LOOK_MS : false;
    },
  });
}
