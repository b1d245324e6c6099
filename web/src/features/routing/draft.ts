import type { RoutingRule, RoutingRuleIn } from "../../api/generated";
import {
  builderOf,
  type Line,
  lineProblem,
  linesOf,
  newLine,
} from "../../ui/conditions";
import {
  type Actions,
  actionProblem,
  bodyOf as actionsBody,
  actionsOf,
  chosen,
  complete,
} from "./actions";
import { FIELDS } from "./conditions";

/** A rule as it is being edited. */
export interface Draft {
  name: string;
  /** null: the installation's */
  team_id: string | null;
  /** how the condition is made */
  by: "builder" | "cel";
  every: boolean;
  lines: Line[];
  cel: string;
  actions: Actions;
  continues: boolean;
  enabled: boolean;
}

export function newDraft(teamId: string | null): Draft {
  return {
    name: "",
    team_id: teamId,
    by: "builder",
    every: true,
    lines: [newLine()],
    cel: "",
    actions: {},
    continues: false,
    enabled: true,
  };
}

export function draftOf(rule: RoutingRule): Draft {
  const { name, team, builder, condition = "", actions } = rule;
  return {
    name,
    team_id: team?.id ?? null,
    by: builder ? "builder" : "cel",
    every: builder?.every ?? true,
    lines: builder ? linesOf(builder, FIELDS) : [newLine()],
    cel: condition,
    actions: actionsOf(actions),
    continues: rule.continues ?? false,
    enabled: rule.enabled ?? true,
  };
}

export function bodyOf(draft: Draft): RoutingRuleIn {
  const { name, team_id, by, every, lines, cel, continues, enabled } = draft;
  return {
    name: name.trim(),
    team_id,
    ...(by === "builder"
      ? { condition: "", builder: builderOf(lines, every) }
      : { condition: cel, builder: null }),
    actions: actionsBody(draft.actions),
    continues,
    enabled,
  };
}

/** What can be tried of a rule that is not complete; null: its condition is not. */
export function trialOf(draft: Draft): RoutingRuleIn | null {
  if (draft.by === "builder" && draft.lines.some(lineProblem)) return null;
  return bodyOf({
    ...draft,
    // it makes no difference what it is called, on or off, the last or not
    name: "On trial",
    continues: false,
    enabled: true,
    actions: complete(draft.actions),
  });
}

/** Everything that keeps a rule from being saved, by where it is to be shown. */
export function problemsOf(draft: Draft): Record<string, string> {
  const found: Record<string, string | null> = {
    name: draft.name.trim() ? null : "A rule needs a name",
    actions: chosen(draft.actions).length > 0 ? null : "Say what the rule does",
  };
  for (const kind of chosen(draft.actions))
    found[`actions.${kind}`] = actionProblem(draft.actions, kind);
  if (draft.by === "builder")
    for (const line of draft.lines)
      found[`lines.${line.key}`] = lineProblem(line);
  return Object.fromEntries(
    Object.entries(found).flatMap(([path, text]) =>
      text ? [[path, text]] : [],
    ),
  );
}

/** A list with one of its things at another place. */
export function moved<Thing>(
  things: readonly Thing[],
  from: number,
  to: number,
): Thing[] {
  const left = things.filter((_, at) => at !== from);
  return [
    ...left.slice(0, to),
    ...things.slice(from, from + 1),
    ...left.slice(to),
  ];
}
