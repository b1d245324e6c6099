import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { createNote, type IncidentOut as Incident } from "../../api/generated";
import { useMe } from "../../me";
import type { Action } from "../../pwa/actions";
import { takeBack } from "../../pwa/queue";
import { sendOrKeep } from "../../pwa/send-or-keep";
import { toastKept } from "../../ui/toast";

export type Noted = Pick<Incident, "id" | "number" | "title">;

/** Writes a note, once; without a connection it is kept, and sent later. */
export function useNote({ id, number, title }: Noted, onDone: () => void) {
  const queryClient = useQueryClient();
  const me = useMe();
  // the same while it is not known whether the server has it
  const key = useRef(newKey());
  return useMutation({
    mutationFn: (text: string) => {
      const action: Action = {
        verb: "note",
        text,
        key: key.current,
        incident: { id, number, title },
      };
      const send = () =>
        createNote({
          path: { incident_id: id },
          body: { text },
          headers: { "Idempotency-Key": key.current },
        });
      return sendOrKeep(send, action, me.id);
    },
    networkMode: "always", // without a network it is kept, not paused
    onSuccess: (sent) => {
      key.current = newKey();
      onDone();
      if ("waits" in sent) {
        const { waits } = sent;
        toastKept(waits.id, "No connection: kept, and sent later (note)", () =>
          takeBack(waits.id),
        );
        return;
      }
      return queryClient.invalidateQueries({
        queryKey: ["incident", id, "timeline"],
      });
    },
  });
}

/** Not randomUUID: browsers have that only where pages come by HTTPS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
