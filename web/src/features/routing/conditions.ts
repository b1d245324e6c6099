import type { Builder, BuilderLine } from "../../api/generated";

export type Operator = BuilderLine["operator"];

/** What a condition may speak of, in the words of people. */
export const FIELDS = {
  title: "Title",
  severity: "Severity",
  body: "Text",
  integration: "Integration",
  kind: "Kind of integration",
  service: "Service",
  team: "Team",
  action: "Action",
  dedup_key: "Dedup key",
  group_key: "Group key",
  source_url: "Web address",
} as const;
export type Field = keyof typeof FIELDS;

export const OPERATORS: Readonly<Record<Operator, string>> = {
  is: "is",
  is_not: "is not",
  one_of: "is one of",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "begins with",
  ends_with: "ends with",
  matches: "matches",
  exists: "is there",
  missing: "is missing",
};

export const SEVERITIES = ["critical", "error", "warning", "info"] as const;
const LABEL = "labels.";
export const MOST_LINES = 20;

/** A line of a condition as it is being put together. */
export interface Line {
  /** stays with the line when others go */
  key: string;
  field: Field | "label";
  /** the name of the label */
  label: string;
  operator: Operator;
  values: string[];
}

export function newLine(): Line {
  return {
    key: crypto.randomUUID(),
    field: "title",
    label: "",
    operator: "contains",
    values: [],
  };
}

export function isField(text: string): text is Field {
  return text in FIELDS;
}

export function isOperator(text: string | null): text is Operator {
  return text !== null && text in OPERATORS;
}

export function needsValue(operator: Operator): boolean {
  return operator !== "exists" && operator !== "missing";
}

/** Lines to edit from what is kept; a field that nobody knows any more is a label. */
export function linesOf(builder: Builder): Line[] {
  return builder.lines.map(({ field, operator, values }) => ({
    ...newLine(),
    ...(isField(field)
      ? { field }
      : { field: "label" as const, label: field.replace(LABEL, "") }),
    operator,
    values: values ?? [],
  }));
}

export function builderOf(lines: readonly Line[], every: boolean): Builder {
  return {
    every,
    lines: lines.map(({ field, label, operator, values }) => ({
      field: field === "label" ? `${LABEL}${label.trim()}` : field,
      operator,
      values: needsValue(operator) ? values : [],
    })),
  };
}

/** What is missing in a line, or null. */
export function lineProblem(line: Line): string | null {
  if (line.field === "label" && !line.label.trim())
    return "Say which label: its name";
  if (needsValue(line.operator) && line.values.every((value) => value === ""))
    return "Say what to compare it with";
  return null;
}

// -- the same in CEL ------------------------------------------------------------

const CALLS: Partial<Record<Operator, string>> = {
  contains: "contains",
  not_contains: "contains",
  starts_with: "startsWith",
  ends_with: "endsWith",
  matches: "matches",
};
const NEGATED: readonly Operator[] = ["is_not", "not_contains", "missing"];

/** The condition as the server writes it: to learn from, and to go on from by hand. */
export function toCel({ every = true, lines }: Builder): string {
  const parts = lines.map(compared);
  return every
    ? parts.join(" && ")
    : parts.map((part) => `(${part})`).join(" || ");
}

function compared({ field, operator, values = [] }: BuilderLine): string {
  const label = field.startsWith(LABEL) ? field.slice(LABEL.length) : undefined;
  const there = label === undefined ? "" : `${literal(label)} in labels`;
  const subject = label === undefined ? field : `labels[${literal(label)}]`;
  const holds = () => {
    if (!needsValue(operator)) return there || `${subject} != ""`;
    if (operator === "one_of")
      return `${subject} in [${values.map(literal).join(", ")}]`;
    const call = CALLS[operator];
    const value = literal(values[0] ?? "");
    return call ? `${subject}.${call}(${value})` : `${subject} == ${value}`;
  };
  const text = holds();
  const guarded = there && text !== there ? `${there} && ${text}` : text;
  return NEGATED.includes(operator) ? `!(${guarded})` : guarded;
}

function literal(text: string): string {
  return JSON.stringify(text);
}

// -- and in words ---------------------------------------------------------------

/** "severity is warning and title contains “disk”". */
export function inWords({ every = true, lines }: Builder): string {
  return lines.map(lineInWords).join(every ? " and " : " or ");
}

function lineInWords({ field, operator, values = [] }: BuilderLine): string {
  const name = isField(field)
    ? FIELDS[field].toLowerCase()
    : `label ${field.replace(LABEL, "")}`;
  const said = `${name} ${OPERATORS[operator]}`;
  if (!needsValue(operator)) return said;
  return `${said} ${values.map((value) => `“${value}”`).join(" or ")}`;
}
