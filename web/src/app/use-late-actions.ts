import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useMe } from "../me";
import { nameOf } from "../pwa/actions";
import type { Outcome } from "../pwa/queue";
import { useReplay } from "../pwa/unsent";
import { hideKept, toastDone } from "../ui/toast";

/** Sends what was done without a connection, and tells what became of it. */
export function useLateActions() {
  useReplay(useMe().id, useQueryClient(), tell);
}

function tell(outcomes: Outcome[]) {
  for (const { action } of outcomes) hideKept(action.id);
  const done = outcomes.filter(({ refused }) => !refused);
  if (done.length > 0)
    toastDone(
      `Connected again. Sent: ${done.map(({ action }) => nameOf(action)).join(", ")}`,
    );
  for (const { action, refused } of outcomes) {
    if (!refused) continue;
    notifications.show({
      id: `unsent ${action.id}`,
      color: "orange",
      title: `Not done: ${nameOf(action)}`,
      message: `${action.incident.title}: ${refused}.`,
      autoClose: false,
      role: "alert",
    });
  }
}
