import type { AuditEntry } from "../../api/generated";

const DONE: Record<string, string> = {
  created: "created",
  updated: "changed",
  deleted: "deleted",
};

const SPOKEN: Record<string, string> = {
  "sign_in.succeeded": "signed in",
  "sign_in.refused": "was refused at signing in",
  "read.audit": "read the audit",
  "read.contact_methods": "read the contact methods",
};

/** The object in words: "escalation policy". */
export function objectOf(entry: AuditEntry): string {
  return entry.object_kind.replaceAll("_", " ");
}

/** What was done, in words: "changed the service Shop". */
export function deedOf(entry: AuditEntry): string {
  const verb = entry.kind.split(".").at(-1) ?? entry.kind;
  const done = DONE[verb];
  const name = entry.object_name ? ` ${entry.object_name}` : "";
  // of something that many rows are made of, noted whole
  if (verb === "replaced") return `changed the ${objectOf(entry)}${name}`;
  if (done && (entry.before || entry.after))
    return `${done} the ${objectOf(entry)}${name}`;
  const spoken = SPOKEN[entry.kind];
  // whoever signs in is named already
  if (spoken)
    return name === ` ${entry.actor_name}` || !name
      ? spoken
      : `${spoken}:${name}`;
  return `${entry.kind.replaceAll(/[._]/g, " ")}${name ? `:${name}` : ""}`;
}

/** Who, in words; rows changed past the product name a user of the database. */
export function actorOf(entry: AuditEntry): string {
  if (entry.actor_kind === "database")
    return `${entry.actor_name}, in the database`;
  return entry.actor_name || "Nobody signed in";
}

/** One column, before and after; null: it was not there. */
export interface Difference {
  column: string;
  before: string | null;
  after: string | null;
}

/** Says a column of some kind of object in words; nothing: as it is. */
type Said = (column: string, value: unknown) => string | undefined;

/** The columns that differ, in the order of their names. */
export function differencesOf(
  entry: AuditEntry,
  said: Said = () => undefined,
): Difference[] {
  const { before, after } = rowsOf(entry);
  const inWords = (row: Columns, column: string) =>
    said(column, row[column]) ?? shown(row[column]);
  const columns = new Set([
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
  ]);
  return [...columns]
    .filter(
      (column) =>
        !before || !after || shown(before[column]) !== shown(after[column]),
    )
    .sort()
    .map((column) => ({
      column,
      before: before ? inWords(before, column) : null,
      after: after ? inWords(after, column) : null,
    }));
}

type Columns = Record<string, unknown>;

function isColumns(value: unknown): value is Columns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of something noted whole, both stand in the data. */
export function rowsOf(entry: AuditEntry): {
  before: Columns | null;
  after: Columns | null;
} {
  if (entry.before || entry.after || !entry.data) return entry;
  const { before, after } = entry.data;
  return {
    before: isColumns(before) ? before : null,
    after: isColumns(after) ? after : null,
  };
}

/** What else was noted. */
export function restOf(entry: AuditEntry): Columns {
  const { before, after, ...rest } = entry.data ?? {};
  return {
    ...rest,
    ...(before !== undefined && !isColumns(before) && { before }),
    ...(after !== undefined && !isColumns(after) && { after }),
  };
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

/** A file with the same entries. */
export function exportOf(
  wanted: Record<string, string | undefined>,
  format: "csv" | "jsonl",
): string {
  const asked = Object.entries(wanted).flatMap(([name, value]) =>
    value ? [[name, value]] : [],
  );
  return `/v1/audit/export?${new URLSearchParams([...asked, ["format", format]])}`;
}

/** Kinds to choose from; a point at the end means the whole family. */
export const KINDS: { value: string; label: string }[] = [
  { value: "sign_in.", label: "Sign-ins" },
  { value: "user.", label: "People" },
  { value: "team.", label: "Teams" },
  { value: "membership.", label: "Memberships" },
  { value: "api_key.", label: "API keys" },
  { value: "service.", label: "Services" },
  { value: "integration.", label: "Integrations" },
  { value: "routing_key.", label: "Routing keys" },
  { value: "routing_rule.", label: "Routing rules" },
  { value: "escalation_policy.", label: "Escalation policies" },
  { value: "schedule.", label: "Schedules" },
  { value: "override.", label: "Overrides" },
  { value: "contact_method.", label: "Contact methods and rooms" },
  { value: "channel.", label: "Channels" },
  { value: "incident.", label: "Incidents" },
  { value: "runbook.", label: "Runbooks" },
  { value: "workflow.", label: "Workflows" },
  { value: "status_page.", label: "Status pages" },
  { value: "partner.", label: "Partners" },
  { value: "read.", label: "Sensitive reads" },
  { value: "export.", label: "Exports" },
  { value: "audit.", label: "The audit itself" },
];
