import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  acknowledgeIncidents,
  type IncidentOut as Incident,
  resolveIncidents,
} from "../../api/generated";
import { announce } from "../../ui/live-region";
import { toastDone, toastUndo } from "../../ui/toast";
import { send } from "./verbs";

const BULK = {
  acknowledge: {
    send: acknowledgeIncidents,
    undo: "unacknowledge",
    done: "Acknowledged",
    from: ["triggered"],
  },
  resolve: {
    send: resolveIncidents,
    undo: "reopen",
    done: "Resolved",
    from: ["triggered", "acknowledged"],
  },
} as const;

/** So many are taken back by one press of Undo; it is one request each. */
export const UNDO_LIMIT = 25;

/** Acknowledge or resolve many at once. */
export function useBulk(onDone: () => void) {
  const queryClient = useQueryClient();
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: ["incidents"] });
    void queryClient.invalidateQueries({ queryKey: ["incident"] });
  };
  return useMutation({
    mutationFn: (bulk: { verb: keyof typeof BULK; incidents: Incident[] }) =>
      BULK[bulk.verb].send({
        body: { ids: bulk.incidents.map(({ id }) => id) },
      }),
    onSuccess: ({ changed, refused }, { verb, incidents }) => {
      const { done, undo, from } = BULK[verb];
      const refusedIds = new Set(refused.map(({ id }) => id));
      const undone = incidents.filter(
        ({ id, status }) =>
          !refusedIds.has(id) && from.some((each) => each === status),
      );
      const reasons = [...new Set(refused.map(({ reason }) => reason))];
      const message = [
        `${done} ${changed}`,
        ...(refused.length > 0
          ? [`${refused.length} refused: ${reasons.join("; ")}`]
          : []),
      ].join(" · ");
      announce(message);
      if (undone.length > 0 && undone.length <= UNDO_LIMIT)
        toastUndo(message, () => {
          const all = undone.map(({ id }) => send({ do: undo }, id));
          void Promise.allSettled(all).then(refresh);
        });
      else toastDone(message);
      onDone();
    },
    onSettled: refresh,
  });
}
