import type { NoiseProposal } from "../../api/generated";
import { type Line, newLine } from "../../ui/conditions";
import type { Actions } from "./actions";
import { type Draft, newDraft } from "./draft";

function actionsFor({ remedy, incidents }: NoiseProposal): Actions {
  return remedy === "suppress"
    ? { suppress: { reason: `It was noise ${incidents} times` } }
    : { urgency: "low" };
}

function is(field: string, value: string): Line {
  return { ...newLine(), field, operator: "is", values: [value] };
}

/** The rule that would have kept what people call noise quiet; a person decides. */
export function draftFor(proposal: NoiseProposal): Draft {
  const { team, integration, dedup_key, title, remedy } = proposal;
  return {
    ...newDraft(team.id),
    name:
      remedy === "suppress"
        ? `Nobody is told: ${title}`
        : `Wakes nobody: ${title}`,
    lines: [
      ...(integration ? [is("integration", integration)] : []),
      is("dedup_key", dedup_key),
    ],
    actions: actionsFor(proposal),
    continues: remedy !== "suppress",
  };
}
