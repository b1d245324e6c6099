/** One parameter as it is being edited. */
export interface Parameter {
  key: string;
  name: string;
  kind: Kind;
  title: string;
  description: string;
  required: boolean;
  /** of text and of lists: what each one looks like */
  pattern: string;
  /** instead of a pattern */
  choices: string[];
  minimum: number | null;
  maximum: number | null;
  mostItems: number | null;
  initial: string;
  /** the fact of the incident that fills it in */
  binding: string;
  /** what this editor does not show is kept as it was */
  rest: Readonly<Record<string, unknown>>;
}

export const KINDS = {
  text: "Text",
  choice: "One of a list",
  integer: "Whole number",
  number: "Number",
  boolean: "Switch",
  list: "List of texts",
} as const;
export type Kind = keyof typeof KINDS;

/** What can fill a parameter in. */
export const FACTS = [
  "incident.number",
  "incident.title",
  "incident.severity",
  "incident.priority",
  "incident.urgency",
  "incident.status",
  "incident.service",
  "incident.team",
  "alert.title",
  "alert.severity",
  "alert.dedup_key",
  "alert.labels.host",
  "alert.labels.instance",
  "alert.labels.pod",
  "alert.labels.namespace",
];
const FACT =
  /^(incident\.(number|title|severity|priority|urgency|status|service|team)|alert\.(title|severity|dedup_key)|alert\.labels\.[A-Za-z0-9_.:/-]{1,100})$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// what is edited here; all else is `rest`
const EDITED = new Set([
  "type",
  "title",
  "description",
  "pattern",
  "enum",
  "minimum",
  "maximum",
  "maxItems",
  "default",
]);

export type Schema = Record<string, unknown>;

let made = 0;

export function newParameter(): Parameter {
  made += 1;
  return {
    key: `p${made}`,
    name: "",
    kind: "text",
    title: "",
    description: "",
    required: true,
    pattern: "",
    choices: [],
    minimum: null,
    maximum: null,
    mostItems: null,
    initial: "",
    binding: "",
    rest: {},
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function kindOf(described: Schema): Kind {
  const { type } = described;
  if (type === "array") return "list";
  if (type === "integer" || type === "number" || type === "boolean")
    return type;
  return Array.isArray(described.enum) ? "choice" : "text";
}

/** The parameters that a JSON Schema describes, in its order. */
export function parametersOf(
  schema: unknown,
  bindings: Readonly<Record<string, string>> = {},
): Parameter[] {
  const required = strings(record(schema).required);
  const properties = Object.entries(record(record(schema).properties));
  return properties.map(([name, value]) => {
    const described = record(value);
    const kind = kindOf(described);
    const each = kind === "list" ? record(described.items) : described;
    const { default: initial } = described;
    return {
      ...newParameter(),
      name,
      kind,
      title: text(described.title),
      description: text(described.description),
      required: required.includes(name),
      pattern: text(each.pattern),
      choices: strings(each.enum),
      minimum: number(described.minimum),
      maximum: number(described.maximum),
      mostItems: number(described.maxItems),
      initial: initial === undefined ? "" : shown(initial),
      binding: bindings[name] ?? "",
      rest: Object.fromEntries(
        Object.entries(described).filter(([keyword]) => !EDITED.has(keyword)),
      ),
    };
  });
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}

/** Only the keywords that say something. */
function said(keywords: Schema): Schema {
  return Object.fromEntries(
    Object.entries(keywords).filter(
      ([, value]) => value !== "" && value !== null && value !== undefined,
    ),
  );
}

/** A text as the kind has it; nothing: no default. */
function initialOf(kind: Kind, written: string): unknown {
  const plain = written.trim();
  if (plain === "") return undefined;
  if (kind === "integer" || kind === "number") return Number(plain);
  if (kind === "boolean") return plain === "true";
  if (kind === "list") return plain.split(",").map((each) => each.trim());
  return plain;
}

function describedBy(parameter: Parameter): Schema {
  const { kind, title, description, pattern, choices, rest } = parameter;
  const words =
    choices.length > 0 && kind !== "text"
      ? { enum: choices }
      : said({ pattern: pattern.trim() });
  const shared = said({
    title: title.trim(),
    description: description.trim(),
    default: initialOf(kind, parameter.initial),
  });
  switch (kind) {
    case "text":
    case "choice":
      return { ...rest, ...shared, type: "string", ...words };
    case "list": {
      const { pattern: _p, enum: _e, ...items } = record(rest.items);
      const of = { type: "string", ...items, ...words };
      const most = said({ maxItems: parameter.mostItems });
      return { ...rest, ...shared, type: "array", items: of, ...most };
    }
    case "boolean":
      return { ...rest, ...shared, type: kind };
    default:
      return {
        ...rest,
        ...shared,
        ...said({ minimum: parameter.minimum, maximum: parameter.maximum }),
        type: kind,
      };
  }
}

/** The JSON Schema of the parameters. */
export function schemaOf(parameters: readonly Parameter[]): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(
      parameters.map((each) => [each.name.trim(), describedBy(each)]),
    ),
    required: parameters
      .filter(({ required }) => required)
      .map(({ name }) => name.trim()),
  };
}

export function bindingsOf(
  parameters: readonly Parameter[],
): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, binding }) =>
      binding.trim() ? [[name.trim(), binding.trim()]] : [],
    ),
  );
}

/** What is wrong with a parameter, in one line; nothing: it is fine. */
export function problemOf(
  parameter: Parameter,
  all: readonly Parameter[],
): string | undefined {
  const name = parameter.name.trim();
  if (!NAME.test(name))
    return "A name of letters, digits and underscores, such as host";
  if (all.filter((each) => each.name.trim() === name).length > 1)
    return `There are two parameters called ${name}`;
  if (parameter.kind === "choice" && parameter.choices.length === 0)
    return `${name}: say which values there are`;
  const pattern = parameter.pattern.trim();
  if (pattern && !(pattern.startsWith("^") && pattern.endsWith("$")))
    return `${name}: the pattern begins with ^ and ends with $`;
  const { minimum, maximum, binding } = parameter;
  if (minimum !== null && maximum !== null && minimum > maximum)
    return `${name}: the smallest is larger than the largest`;
  if (binding.trim() && !FACT.test(binding.trim()))
    return `${name}: filled in from something such as alert.labels.host`;
  return undefined;
}

/** What somebody has typed into the form of a run, as the schema has it; what is empty is left out. */
export function typed(
  schema: unknown,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const properties = record(record(schema).properties);
  const required = strings(record(schema).required);
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, described]) => {
      const value = asTyped(record(described), values[name]);
      const empty =
        value === undefined ||
        (Array.isArray(value) &&
          value.length === 0 &&
          !required.includes(name));
      return empty ? [] : [[name, value]];
    }),
  );
}

function asTyped(described: Schema, value: unknown): unknown {
  if (described.type === "array")
    return Array.isArray(value)
      ? value.map((each) => asTyped(record(described.items), each))
      : undefined;
  if (value === "" || value === undefined || value === null) return undefined;
  if (described.type === "integer" || described.type === "number")
    return Number(value);
  if (described.type === "boolean") return value === true || value === "true";
  return String(value).trim();
}
