import { useCallback } from "react";
import type { IncidentOut as Incident } from "../../api/generated";
import { useMe } from "../../me";
import { useUnsent } from "../../pwa/unsent";
import { changeOf, verbOf } from "./verbs";

/** Shows an incident as it will be once what the person did here has been sent. */
export function useWithUnsent() {
  const me = useMe();
  const unsent = useUnsent();
  return useCallback(
    <T extends Incident>(incident: T): T => {
      let shown = incident;
      for (const action of unsent) {
        if (action.incident.id !== incident.id || action.verb === "note")
          continue;
        const moment = { me, now: action.at };
        shown = { ...shown, ...changeOf(verbOf(action), shown, moment) };
      }
      return shown;
    },
    [me, unsent],
  );
}
