import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { RefObject } from "react";
import type { IncidentDetail } from "../../api/generated";
import { useVerb } from "./use-verb";
import { inAnHour, type Verb } from "./verbs";

/** The keys of an incident's page. */
export function useIncidentKeys(
  incident: IncidentDetail,
  noteBox: RefObject<HTMLTextAreaElement | null>,
) {
  const navigate = useNavigate();
  const { act } = useVerb();
  const open = incident.status !== "resolved";
  const actIf = (allowed: boolean, verb: Verb) => {
    if (allowed && incident.can_respond) act(verb, incident);
  };
  useHotkeys([
    ["a", () => actIf(incident.status === "triggered", { do: "acknowledge" })],
    ["r", () => actIf(open, { do: "resolve" })],
    ["s", () => actIf(open, { do: "snooze", until: inAnHour(Date.now()) })],
    ["n", () => noteBox.current?.focus()],
    ["u", () => void navigate({ to: "/incidents" })],
  ]);
}
