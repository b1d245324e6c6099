import type { Builder, BuilderLine } from "../api/generated";

export type Operator = BuilderLine["operator"];
/** What a condition may speak of: names, each in the words of people. */
export type Subjects = Readonly<Record<string, string>>;

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
export const LABEL = "label";
const LABELS = "labels.";
export const MOST_LINES = 20;

/** A line of a condition as it is being put together. */
export interface Line {
  /** stays with the line when others go */
  key: string;
  /** the name of a subject, or LABEL */
  field: string;
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

export function isOperator(text: string | null): text is Operator {
  return text !== null && text in OPERATORS;
}

export function needsValue(operator: Operator): boolean {
  return operator !== "exists" && operator !== "missing";
}

/** Lines to edit from what is kept; a subject that nobody knows any more is a label. */
export function linesOf(builder: Builder, subjects: Subjects): Line[] {
  return builder.lines.map(({ field, operator, values }) => ({
    ...newLine(),
    ...(field in subjects
      ? { field }
      : { field: LABEL, label: field.replace(LABELS, "") }),
    operator,
    values: values ?? [],
  }));
}

export function builderOf(lines: readonly Line[], every: boolean): Builder {
  return {
    every,
    lines: lines.map(({ field, label, operator, values }) => ({
      field: field === LABEL ? `${LABELS}${label.trim()}` : field,
      operator,
      values: needsValue(operator) ? values : [],
    })),
  };
}

/** What is missing in a line, or null. */
export function lineProblem(line: Line): string | null {
  if (line.field === LABEL && !line.label.trim())
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
  const label = field.startsWith(LABELS)
    ? field.slice(LABELS.length)
    : undefined;
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

// -- and back -------------------------------------------------------------------

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
const SUBJECT = String.raw`([a-z_]+|labels\[${TEXT}\])`;
const COMPARISON = new RegExp(`^${SUBJECT} (==|!=) (${TEXT})$`);
const CALL = new RegExp(`^${SUBJECT}\\.([a-zA-Z]+)\\((${TEXT})\\)$`);
const ONE_OF = new RegExp(`^${SUBJECT} in (\\[${TEXT}(?:, ${TEXT})*\\])$`);
const THERE = new RegExp(`^(${TEXT}) in labels$`);
const GUARD = new RegExp(`^${TEXT} in labels && `);
const WAYS: Readonly<Record<string, Operator>> = {
  contains: "contains",
  startsWith: "starts_with",
  endsWith: "ends_with",
  matches: "matches",
};
const OPPOSITE: Partial<Record<Operator, Operator>> = {
  is: "is_not",
  contains: "not_contains",
  exists: "missing",
};

/** The lines of a condition in CEL, if it is no more than lines can say; else null. */
export function fromCel(text: string, subjects: Subjects): Builder | null {
  if (!text.trim()) return { every: true, lines: [] };
  const any = split(text, " || ");
  const every = any.length === 1;
  const parts = every ? guarded(split(text, " && ")) : any.map(bare);
  const lines = parts.map(lineOf);
  const known = lines.filter(
    (line): line is BuilderLine =>
      line !== null &&
      (line.field in subjects || line.field.startsWith(LABELS)),
  );
  return known.length === lines.length ? { every, lines: known } : null;
}

/** `text` cut at `between`, but not inside of brackets or quotes. */
function split(text: string, between: string): string[] {
  const parts = [""];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (quoted && sign === "\\") {
      parts.push((parts.pop() ?? "") + text.slice(at, at + 2));
      at++;
      continue;
    }
    if (sign === '"') quoted = !quoted;
    if (!quoted && "([".includes(sign)) depth++;
    if (!quoted && ")]".includes(sign)) depth--;
    if (!quoted && depth === 0 && text.startsWith(between, at)) {
      parts.push("");
      at += between.length - 1;
    } else parts.push((parts.pop() ?? "") + sign);
  }
  return parts.map((part) => part.trim());
}

/** `"env" in labels` goes with the comparison of that label which follows it. */
function guarded(parts: readonly string[]): string[] {
  const found: string[] = [];
  for (const part of parts) {
    const label = found.at(-1)?.match(THERE)?.[1];
    if (label && part.startsWith(`labels[${label}]`)) found.pop();
    found.push(part);
  }
  return found;
}

function bare(part: string): string {
  const inner =
    part.startsWith("(") && part.endsWith(")") ? part.slice(1, -1) : part;
  return inner.replace(GUARD, "");
}

function lineOf(part: string): BuilderLine | null {
  if (part.startsWith("!(") && part.endsWith(")")) {
    const inner = lineOf(part.slice(2, -1).replace(GUARD, ""));
    const operator = inner && OPPOSITE[inner.operator];
    return inner && operator ? { ...inner, operator } : null;
  }
  const label = part.match(THERE)?.[1];
  if (label)
    return { field: LABELS + read(label), operator: "exists", values: [] };
  const one = part.match(ONE_OF);
  if (one?.[1] && one[2])
    return {
      field: subjectOf(one[1]),
      operator: "one_of",
      values: JSON.parse(one[2]),
    };
  const [, subject, way, value] =
    part.match(COMPARISON) ?? part.match(CALL) ?? [];
  if (!subject || !way || value === undefined) return null;
  return plain(subjectOf(subject), way, read(value));
}

function plain(field: string, way: string, value: string): BuilderLine | null {
  if (way === "==") return { field, operator: "is", values: [value] };
  if (way === "!=")
    return value === ""
      ? { field, operator: "exists", values: [] }
      : { field, operator: "is_not", values: [value] };
  const operator = WAYS[way];
  return operator ? { field, operator, values: [value] } : null;
}

function subjectOf(text: string): string {
  return text.startsWith("labels[")
    ? LABELS + read(text.slice("labels[".length, -1))
    : text;
}

function read(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1); // CEL knows more escapes than JSON
  }
}

// -- and in words ---------------------------------------------------------------

/** "severity is warning and title contains “disk”". */
export function inWords(
  { every = true, lines }: Builder,
  subjects: Subjects,
): string {
  return lines
    .map((line) => lineInWords(line, subjects))
    .join(every ? " and " : " or ");
}

function lineInWords(
  { field, operator, values = [] }: BuilderLine,
  subjects: Subjects,
): string {
  const name =
    subjects[field]?.toLowerCase() ?? `label ${field.replace(LABELS, "")}`;
  const said = `${name} ${OPERATORS[operator]}`;
  if (!needsValue(operator)) return said;
  return `${said} ${values.map((value) => `“${value}”`).join(" or ")}`;
}
