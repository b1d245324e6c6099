import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type {
  IncidentOut as Incident,
  IncidentDetail,
} from "../../api/generated";
import { useMe } from "../../me";
import { nameOf } from "../../pwa/actions";
import { takeBack } from "../../pwa/queue";
import { sendOrKeep } from "../../pwa/send-or-keep";
import { refreshIncidents } from "../../realtime";
import { hidePaged, toastDone, toastKept, toastUndo } from "../../ui/toast";
import type { List } from "./refresh-rows";
import { actionOf, changeOf, DONE, send, UNDO, type Verb } from "./verbs";

interface Act {
  verb: Verb;
  incident: Incident;
  /** false for what takes another back */
  undoable?: boolean;
}

/** The list with one of its rows changed; all others are what they were. */
function changed(
  list: List | undefined,
  id: string,
  change: Partial<Incident>,
) {
  return (
    list && {
      ...list,
      pages: list.pages.map((page) =>
        page.items.some((each) => each.id === id)
          ? {
              ...page,
              items: page.items.map((each) =>
                each.id === id ? { ...each, ...change } : each,
              ),
            }
          : page,
      ),
    }
  );
}

/** Act on an incident: shown at once, put back if the server refuses, undone from the toast. */
export function useVerb() {
  const queryClient = useQueryClient();
  const me = useMe();
  const lists = { queryKey: ["incidents", "list"] };
  const { mutate, isPending } = useMutation({
    mutationFn: ({ verb, incident }: Act) =>
      sendOrKeep(
        () => send(verb, incident.id),
        actionOf(verb, incident),
        me.id,
      ),
    networkMode: "always", // without a network it is kept, not paused
    onMutate: async ({ verb, incident }) => {
      const one = ["incident", incident.id];
      await queryClient.cancelQueries(lists);
      await queryClient.cancelQueries({ queryKey: one, exact: true });
      const before = queryClient.getQueryData<IncidentDetail>(one);
      const change = changeOf(verb, incident, {
        me,
        now: new Date().toISOString(),
      });
      queryClient.setQueriesData<List>(lists, (list) =>
        changed(list, incident.id, change),
      );
      queryClient.setQueryData<IncidentDetail>(
        one,
        (detail) => detail && { ...detail, ...change },
      );
      return before;
    },
    onError: (_error, { incident }, before) => {
      // this row alone: others may have come meanwhile
      queryClient.setQueriesData<List>(lists, (list) =>
        changed(list, incident.id, incident),
      );
      if (before) queryClient.setQueryData(["incident", incident.id], before);
    },
    onSuccess: (sent, { verb, incident, undoable = true }) => {
      hidePaged(incident.id);
      if ("waits" in sent) {
        const { id } = sent.waits;
        toastKept(
          id,
          `No connection: kept, and sent later (${nameOf(sent.waits)})`,
          () => void takeBack(id),
        );
        return;
      }
      const detail = sent.answer;
      queryClient.setQueryData(["incident", incident.id], detail);
      const undo = UNDO[verb.do];
      const message = `${DONE[verb.do]} #${incident.number}`;
      if (undo && undoable)
        toastUndo(message, () =>
          mutate({ verb: undo, incident: detail, undoable: false }),
        );
      else toastDone(message);
    },
    // settled, not success: after a 409 what is shown is stale too
    onSettled: (_detail, _error, { incident }) =>
      Promise.all([
        refreshIncidents(queryClient, new Set([incident.id])),
        queryClient.invalidateQueries({ queryKey: ["incident", incident.id] }),
      ]),
  });
  return {
    act: useCallback(
      (verb: Verb, incident: Incident) => mutate({ verb, incident }),
      [mutate],
    ),
    isPending,
  };
}
