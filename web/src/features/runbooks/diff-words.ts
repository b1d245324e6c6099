import { diffLines, diffWordsWithSpace } from "diff";
import type { Difference, RunbookTarget } from "../../api/generated";
import { fieldsOf } from "../../ui/schema";

const NAMES: Record<string, string> = {
  name: "Name",
  description: "Description",
  run_class: "Class",
  target: "Target",
  connection_ids: "Connections",
  timeout_s: "Time-out (seconds)",
  auto_safe: "May start by itself",
  calendar: "Planned work",
  most_per_hour: "Runs an hour",
  cool_down_s: "Pause after a run (seconds)",
  at_once: "At once",
};
const KEYWORDS: Record<string, string> = {
  type: "type",
  enum: "values",
  pattern: "pattern",
  minimum: "smallest",
  maximum: "largest",
  maxItems: "most items",
  minItems: "fewest items",
  maxLength: "longest",
  minLength: "shortest",
  default: "default",
  title: "title",
  description: "description",
};

/** Where something differs, in the words of the forms. */
export function whereOf(path: string, target?: RunbookTarget): string {
  const [part = "", name = "", ...rest] = path.split(".");
  if (part === "content") {
    const field = fieldsOf(target?.content_schema).find(
      (each) => each.name === name,
    );
    return [field?.title ?? name, ...rest].filter(Boolean).join(" ");
  }
  if (part === "bindings") return `Parameter ${name}: filled in from`;
  if (part !== "parameters") return NAMES[part] ?? path;
  if (name === "required") return "Required parameters";
  const [parameter, ...keywords] = rest;
  if (name !== "properties" || !parameter) return "Parameters";
  const words = keywords.map((each) => KEYWORDS[each] ?? each).join(" ");
  return words ? `Parameter ${parameter}: ${words}` : `Parameter ${parameter}`;
}

/** A value as text that can be compared, with names in place of ids where they are known. */
export function textOf(
  value: unknown,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value))
    return value.map((each) => textOf(each, names)).join("\n");
  if (typeof value === "object") return JSON.stringify(value, null, 2);
  return String(value);
}

export interface Part {
  kind: "same" | "added" | "removed";
  text: string;
}

/** What was taken out and put in: by lines where there are several, else by words. */
export function partsOf(before: string, after: string): Part[] {
  const long = before.includes("\n") || after.includes("\n");
  const changes = long
    ? diffLines(before, after)
    : diffWordsWithSpace(before, after);
  return changes.map(({ added, removed, value }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
}

// what decides about the harm it can do comes first
const FIRST = ["run_class", "target", "connection_ids", "content", "auto_safe"];

/** The differences, with what matters most first. */
export function inOrder(differences: readonly Difference[]): Difference[] {
  const rank = ({ path }: Difference) => {
    const at = FIRST.indexOf(path.split(".")[0] ?? "");
    return at === -1 ? FIRST.length : at;
  };
  return differences.toSorted((one, other) => rank(one) - rank(other));
}
