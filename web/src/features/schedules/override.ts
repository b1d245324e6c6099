import type { GapIn, OverrideIn, Timeline } from "../../api/generated";
import type { Person } from "../../ui/PersonSelect";
import { instantTyped } from "./typed";

/** An override as it is being typed. */
export interface Override {
  kind: "cover" | "gap";
  user: Person;
  /** 2026-11-23T09:00, in the zone that is shown */
  from: string;
  until: string;
  /** the id of one person; empty: whoever it is */
  replaces: string;
  reason: string;
}

type Body =
  | { kind: "cover"; override: OverrideIn }
  | { kind: "gap"; gap: GapIn };

/** What the server takes. */
export function overrideOf(typed: Override, zone: string): Body {
  const span = {
    start: instantTyped(typed.from, zone),
    end: instantTyped(typed.until, zone),
    reason: typed.reason.trim() || null,
  };
  if (typed.kind === "gap") return { kind: "gap", gap: span };
  return {
    kind: "cover",
    override: {
      ...span,
      user_id: typed.user.id,
      replaces: typed.replaces || null,
    },
  };
}

/** Whom one may replace: everybody on call in the time, and whoever was chosen. */
export function onCallWithin(
  timeline: Timeline | undefined,
  chosen: Person | undefined,
): Person[] {
  const all = [
    ...(chosen ? [chosen] : []),
    ...(timeline?.final ?? []).map(({ user }) => user),
  ];
  return [...new Map(all.map((person) => [person.id, person])).values()];
}
