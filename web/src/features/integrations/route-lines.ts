import type { BuilderLine, ReportedAlert } from "../../api/generated";

/** One thing that alerts of the same kind may have in common. */
export interface Line {
  /** of the builder: "integration", "labels.building" */
  field: string;
  value: string;
  words: string;
}

const MOST_LABELS = 8;
const LONGEST = 500;

/** What one can tell such alerts by: first where they come from, then their labels, then the title. */
export function linesOf({
  integration,
  labels,
  title,
}: Pick<ReportedAlert, "integration" | "labels" | "title">): Line[] {
  const texts = Object.entries(labels)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .filter(([, value]) => value !== "" && value.length <= LONGEST)
    .slice(0, MOST_LABELS);
  return [
    {
      field: "integration",
      value: integration.name,
      words: `Sent through ${integration.name}`,
    },
    ...texts.map(([name, value]) => ({
      field: `labels.${name}`,
      value,
      words: `The label ${name} is ${value}`,
    })),
    {
      field: "title",
      value: title.slice(0, LONGEST),
      words: `The title is “${title}”`,
    },
  ];
}

/** The condition that all of the chosen lines hold. */
export function conditionOf(
  lines: readonly Line[],
  chosen: readonly string[],
): { every: true; lines: BuilderLine[] } {
  return {
    every: true,
    lines: lines
      .filter(({ field }) => chosen.includes(field))
      .map(({ field, value }) => ({
        field,
        // a title may be longer than what can be compared
        operator: field === "title" ? "starts_with" : "is",
        values: [value],
      })),
  };
}
