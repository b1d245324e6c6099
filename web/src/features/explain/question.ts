import type { ExplainIn, SeverityInput } from "../../api/generated";
import { instantTyped } from "../../ui/when";

export const SEVERITIES: readonly SeverityInput[] = [
  "critical",
  "error",
  "warning",
  "info",
];

const METHODS = ["POST", "PUT", "PATCH", "DELETE", "GET"] as const;

/** A request as somebody has typed it. */
export interface Typed {
  body: string;
  /** a header a line */
  headers: string;
  /** "POST /v2/alerts/disk/close?identifierType=alias", or a part of it */
  target: string;
}

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
export function questionOf(asked: Asked, typed: Typed): ExplainIn | null {
  const at = instantTyped(asked.when);
  if (asked.integration) {
    const { body } = typed;
    if (!body && !typed.target) return null;
    const headers = headersOf(typed.headers);
    const target = targetOf(typed.target);
    return { integration_id: asked.integration, body, headers, ...target, at };
  }
  if (!asked.service) return null;
  return { service_id: asked.service, severity: asked.severity, at };
}

const HEADER = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/;

/** The first line that is no header; none: all are. */
export function oddLine(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim());
  return lines.find((line) => !HEADER.test(line));
}

/** A header a line; half of one is none yet. */
export function headersOf(text: string): Record<string, string> {
  const found = text.split("\n").map((line) => HEADER.exec(line));
  return Object.fromEntries(
    found.flatMap((match) => (match ? [[match[1], match[2]]] : [])),
  );
}

/** The lines of these headers. */
export function linesOf(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function targetOf(text: string): Pick<ExplainIn, "method" | "path" | "query"> {
  const words = text.trim().split(/\s+/);
  const method = METHODS.find((each) => each === words[0]?.toUpperCase());
  const [path = "", query = ""] = (words[method ? 1 : 0] ?? "").split("?");
  return {
    ...(method && { method }),
    ...(path && { path }),
    ...(query && { query: Object.fromEntries(new URLSearchParams(query)) }),
  };
}
