import type { ExplainIn, SeverityInput } from "../../api/generated";
import { instantTyped } from "../../ui/when";

export const SEVERITIES: readonly SeverityInput[] = [
  "critical",
  "error",
  "warning",
  "info",
];

/** What is asked, as it stands in the address. */
export interface Asked {
  service: string;
  /** empty: an incident of the service, however it comes */
  integration: string;
  severity: SeverityInput;
  /** "2026-11-23T03:00" on the viewer's clock; empty: now */
  when: string;
}

export function askedOf(search: Readonly<Record<string, string>>): Asked {
  const { service = "", integration = "", severity, when = "" } = search;
  return {
    service,
    integration,
    severity: SEVERITIES.find((each) => each === severity) ?? "critical",
    when,
  };
}

/** The address again; what is as it usually is stays away. */
export function searchOf(asked: Asked): Record<string, string> {
  const { severity, ...others } = asked;
  return { ...others, ...(severity !== "critical" && { severity }) };
}

/** What the server is asked; none: nothing is chosen yet. */
export function questionOf(asked: Asked, body: string): ExplainIn | null {
  const at = instantTyped(asked.when);
  if (asked.integration)
    return body ? { integration_id: asked.integration, body, at } : null;
  if (!asked.service) return null;
  return { service_id: asked.service, severity: asked.severity, at };
}
