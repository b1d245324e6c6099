import { hoursProblem } from "../../ui/week";
import { type Draft, type LayerDraft, lengthsOf } from "./draft";

const LONGEST: Record<LayerDraft["unit"], number> = {
  hour: 24 * 365,
  day: 365,
  week: 52,
};

/** What is missing or impossible, by the path of the field. */
export function problemsOf(draft: Draft): Record<string, string> {
  const found: Record<string, string> = {};
  if (!draft.name.trim()) found.name = "A schedule needs a name";
  if (!draft.team_id) found.team_id = "Choose the team that keeps it";
  if (!draft.time_zone) found.time_zone = "Choose a time zone";
  for (const [at, layer] of draft.layers.entries())
    for (const [field, text] of Object.entries(layerProblems(layer)))
      found[`layers.${at}.${field}`] = text;
  return found;
}

/** Whether a schedule can be drawn from what has been typed so far. */
export function isComplete(draft: Draft): boolean {
  const { name: _, ...others } = problemsOf(draft);
  return draft.layers.length > 0 && Object.keys(others).length === 0;
}

function layerProblems(layer: LayerDraft): Record<string, string> {
  const found: Record<string, string> = {};
  if (!layer.name.trim()) found.name = "A layer needs a name";
  if (layer.users.length === 0) found.users = "Add at least one person";
  const lengths = lengthsOf(layer.lengths);
  if (!lengths) found.lengths = "Whole numbers, as in 1 or 4, 3";
  else if (Math.max(...lengths) > LONGEST[layer.unit])
    found.lengths = "A turn lasts a year at most";
  if (!layer.date) found.date = "Choose the first day";
  if (!layer.time) found.time = "Choose the time of day";
  if (layer.end_date && layer.end_date < layer.date)
    found.end_date = "It ends before it begins";
  if (!(Number(layer.at_once) >= 1)) found.at_once = "At least one";
  if (layer.holidays !== "ignore" && !layer.country)
    found.country = "Choose the country";
  for (const [at, hours] of layer.hours.entries()) {
    const problem = hoursProblem(hours);
    if (problem) found[`hours.${at}`] = problem;
  }
  return found;
}
