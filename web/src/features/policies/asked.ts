import type { ExplainIn, Urgency } from "../../api/generated";
import { instantTyped } from "../../ui/when";

/** About which incident it is asked. */
export interface Asked {
  urgency: Urgency;
  /** "2026-11-23T03:00" on the viewer's clock; empty: now */
  when: string;
}

export const NOW: Asked = { urgency: "high", when: "" };

/** The same as the server takes it. */
export function questionOf({ urgency, when }: Asked): ExplainIn {
  return { urgency, at: instantTyped(when) };
}
