import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deletePartnerGrant,
  type PageGrantIn,
  putPartnerGrant,
} from "../../api/generated";
import { PARTNERS } from "./queries";

interface Change {
  partnerId: string;
  pageId: string;
  /** null: nothing of the page */
  body: PageGrantIn | null;
}

/** Let a partner see exactly this of a page, from their next look on. */
export function useGrant() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ partnerId, pageId, body }: Change) => {
      const path = { partner_id: partnerId, page_id: pageId };
      if (body) await putPartnerGrant({ path, body });
      else await deletePartnerGrant({ path });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: PARTNERS }),
  });
}
