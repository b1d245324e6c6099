import type { Component, ComponentChanges } from "../../api/generated";
import type { State } from "./states";

/** A component as it is being edited. */
export interface ComponentDraft {
  name: string;
  description: string;
  group_id: string | null;
  service_ids: string[];
  condition: string;
  /** null: as the page says */
  rules: Record<string, State> | null;
  showcase: boolean;
  only_show_if_degraded: boolean;
  /** empty: from when it was added */
  started_on: string;
}

export function draftOf(kept: Component | undefined): ComponentDraft {
  return {
    name: kept?.name ?? "",
    description: kept?.description ?? "",
    group_id: kept?.group_id ?? null,
    service_ids: kept?.services.map(({ id }) => id) ?? [],
    condition: kept?.condition ?? "",
    rules: kept?.rules ?? null,
    showcase: kept?.showcase ?? true,
    only_show_if_degraded: kept?.only_show_if_degraded ?? false,
    started_on: kept?.started_on ?? "",
  };
}

export function bodyOf(draft: ComponentDraft): ComponentChanges {
  return {
    ...draft,
    name: draft.name.trim(),
    description: draft.description.trim(),
    condition: draft.condition.trim(),
    started_on: draft.started_on || null,
  };
}
