import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  acknowledgeIncidents,
  type IncidentOut as Incident,
  resolveIncidents,
} from "../../api/generated";
import { useMe } from "../../me";
import type { Unsent } from "../../pwa/actions";
import { takeBack } from "../../pwa/queue";
import { sendOrKeepAll } from "../../pwa/send-or-keep";
import { refreshIncidents } from "../../realtime";
import { announce } from "../../ui/live-region";
import { toastDone, toastKept, toastUndo } from "../../ui/toast";
import { actionOf, send } from "./verbs";

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

interface Bulk {
  verb: keyof typeof BULK;
  incidents: Incident[];
}

// more than these are as quickly fetched with all the others
const ONE_BY_ONE = 25;

function idsOf(incidents: readonly Incident[]): ReadonlySet<string> {
  return new Set(incidents.map(({ id }) => id));
}

/** So many are taken back by one press of Undo; it is one request each. */
export const UNDO_LIMIT = 25;

/** Acknowledge or resolve many at once. */
export function useBulk(onDone: () => void) {
  const queryClient = useQueryClient();
  const me = useMe();
  const refresh = (ids: ReadonlySet<string>) => {
    void refreshIncidents(
      queryClient,
      ids.size <= ONE_BY_ONE ? ids : undefined,
    );
    void queryClient.invalidateQueries({ queryKey: ["incident"] });
  };
  return useMutation({
    mutationFn: ({ verb, incidents }: Bulk) =>
      sendOrKeepAll(
        () => BULK[verb].send({ body: { ids: incidents.map(({ id }) => id) } }),
        incidents.map((incident) => actionOf({ do: verb }, incident)),
        me.id,
      ),
    networkMode: "always", // without a network they are kept, not paused
    onSuccess: (sent, { verb, incidents }) => {
      if ("waits" in sent) {
        tellKept(sent.waits);
        onDone();
        return;
      }
      const { changed, refused } = sent.answer;
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
          void Promise.allSettled(all).then(() => refresh(idsOf(undone)));
        });
      else toastDone(message);
      onDone();
    },
    onSettled: (_sent, _error, { incidents }) => refresh(idsOf(incidents)),
  });
}

function tellKept(waits: Unsent[]) {
  const last = waits.at(-1);
  if (!last) return;
  const message = `No connection: ${waits.length} kept, and sent later`;
  announce(message);
  toastKept(last.id, message, () => {
    for (const { id } of waits) void takeBack(id);
  });
}
