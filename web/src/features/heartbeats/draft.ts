import type { Heartbeat, HeartbeatIn } from "../../api/generated";
import { HERE } from "../../ui/wall";

/** A heartbeat as it is being edited. */
export interface Draft {
  service_id: string | null;
  name: string;
  by: "period" | "cron";
  period_s: number | null;
  cron: string;
  time_zone: string;
  grace_s: number | null;
  severity: Heartbeat["severity"];
  tags: string[];
  post_only: boolean;
  manual_resume: boolean;
}

export const SHORTEST_S = 60;
const YEAR_S = 365 * 24 * 3600;

export function newDraft(): Draft {
  return {
    service_id: null,
    name: "",
    by: "period",
    period_s: 24 * 3600,
    cron: "0 3 * * *",
    time_zone: HERE,
    grace_s: 3600,
    severity: "critical",
    tags: [],
    post_only: false,
    manual_resume: false,
  };
}

export function draftOf(kept: Heartbeat): Draft {
  const fresh = newDraft();
  return {
    service_id: kept.service.id,
    name: kept.name,
    by: kept.cron === null ? "period" : "cron",
    period_s: kept.period_s ?? fresh.period_s,
    cron: kept.cron ?? fresh.cron,
    time_zone: kept.cron === null ? fresh.time_zone : kept.time_zone,
    grace_s: kept.grace_s,
    severity: kept.severity,
    tags: kept.tags,
    post_only: kept.post_only,
    manual_resume: kept.manual_resume,
  };
}

/** What can be changed of a heartbeat, all of it. */
export function changesOf(draft: Draft) {
  const { by, period_s, cron, grace_s, name, service_id: _, ...more } = draft;
  return {
    ...more,
    name: name.trim(),
    grace_s: grace_s ?? SHORTEST_S,
    ...(by === "period"
      ? { period_s, cron: null }
      : { period_s: null, cron: cron.trim() }),
  };
}

export function bodyOf(draft: Draft): HeartbeatIn {
  return { ...changesOf(draft), service_id: draft.service_id ?? "" };
}

function span(seconds: number | null): string | null {
  return seconds !== null && seconds >= SHORTEST_S && seconds <= YEAR_S
    ? null
    : "Between 1 minute and 365 days";
}

/** What is missing or wrong, by field. */
export const VALIDATE = {
  service_id: (id: string | null) => (id ? null : "Choose its service"),
  name: (name: string) => (name.trim() ? null : "A heartbeat needs a name"),
  period_s: (seconds: number | null, { by }: Draft) =>
    by === "period" ? span(seconds) : null,
  cron: (cron: string, { by }: Draft) =>
    by === "period" || cron.trim().split(/\s+/).length === 5
      ? null
      : "Five fields: minute hour day month weekday",
  grace_s: span,
};
