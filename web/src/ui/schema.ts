/** One input of a form that is drawn from a JSON Schema. */
export interface Field {
  name: string;
  title: string;
  description?: string;
  placeholder?: string;
  kind:
    | "text"
    | "long" // several lines of text
    | "email"
    | "url"
    | "tel"
    | "password"
    | "number"
    | "boolean"
    | "choice"
    | "words" // a list of texts
    | "pairs" // texts by name
    | "list"; // a list of objects
  choices: string[];
  required: boolean;
  maxLength?: number;
  pattern?: string;
  /** the inputs of one object of a list */
  fields: Field[];
  initial: Value;
}

export type Value =
  | string
  | number
  | boolean
  | string[]
  | Record<string, string>
  | Values[];
export type Values = { [name: string]: Value };

function get(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null
    ? Reflect.get(from, name)
    : undefined;
}

function text(from: unknown, name: string): string | undefined {
  const value = get(from, name);
  return typeof value === "string" ? value : undefined;
}

function list(from: unknown, name: string): unknown[] {
  const value = get(from, name);
  return Array.isArray(value) ? value : [];
}

/** `{anyOf: [X, null]}` is an optional X; `{$ref: "#/$defs/X"}` is what X says. */
function plain(property: unknown, root: unknown): unknown {
  const real = list(property, "anyOf").find(
    (each) => text(each, "type") !== "null",
  );
  const type = real ?? property;
  const name = text(type, "$ref")?.match(/^#\/\$defs\/(.+)$/)?.[1];
  return name ? (get(get(root, "$defs"), name) ?? type) : type;
}

const BY_FORMAT: Record<string, Field["kind"]> = {
  email: "email",
  uri: "url",
  tel: "tel",
  password: "password",
};
// a text that may be longer than this is written in several lines
const ONE_LINE = 1000;
const BY_TYPE: Record<string, Field["kind"]> = {
  boolean: "boolean",
  integer: "number",
  number: "number",
  array: "words",
  object: "pairs",
};

function kindOf(type: unknown, fields: readonly Field[]): Field["kind"] {
  if (list(type, "enum").length > 0) return "choice";
  if (fields.length > 0) return "list";
  const longest = get(type, "maxLength");
  return (
    BY_TYPE[text(type, "type") ?? ""] ??
    BY_FORMAT[text(type, "format") ?? ""] ??
    (typeof longest === "number" && longest > ONE_LINE ? "long" : "text")
  );
}

function initialOf(kind: Field["kind"]): Value {
  if (kind === "boolean") return false;
  if (kind === "words" || kind === "list") return [];
  return kind === "pairs" ? {} : "";
}

function fieldOf(
  name: string,
  property: unknown,
  required: boolean,
  root: unknown,
): Field {
  const type = plain(property, root);
  const fields = inputs(plain(get(type, "items"), root), root);
  const kind = kindOf(type, fields);
  const maxLength = get(type, "maxLength");
  const example = list(property, "examples")[0];
  return {
    name,
    title: text(property, "title") ?? name,
    description: text(property, "description"),
    placeholder: typeof example === "string" ? example : undefined,
    kind,
    choices: list(type, "enum").map(String),
    required: required && kind !== "boolean",
    maxLength: typeof maxLength === "number" ? maxLength : undefined,
    pattern: readable(text(type, "pattern")),
    fields,
    initial: readAs(get(property, "default"), kind, fields),
  };
}

/** A pattern that browsers can read, which is stricter than what servers take; else the server alone decides. */
function readable(pattern: string | undefined): string | undefined {
  try {
    if (pattern) new RegExp(pattern, "v");
    return pattern;
  } catch {
    return undefined;
  }
}

function inputs(type: unknown, root: unknown): Field[] {
  const properties = get(type, "properties");
  if (typeof properties !== "object" || properties === null) return [];
  const required = list(type, "required");
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, property, required.includes(name), root),
  );
}

/** The inputs of an object's JSON Schema, in its order. */
export function fieldsOf(schema: unknown): Field[] {
  return inputs(schema, schema);
}

/** `value` if it is of this kind, else what an input of this kind begins with. */
function readAs(
  value: unknown,
  kind: Field["kind"],
  fields: readonly Field[],
): Value {
  const otherwise = initialOf(kind);
  if (kind === "words")
    return Array.isArray(value) ? value.map(String) : otherwise;
  if (kind === "list")
    return Array.isArray(value)
      ? value.map((each) => valuesOf(fields, each))
      : otherwise;
  if (kind === "pairs")
    return typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, String(each)]),
        )
      : otherwise;
  return typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
    ? value
    : otherwise;
}

function valuesOf(fields: readonly Field[], known: unknown): Values {
  return Object.fromEntries(
    fields.map(({ name, initial, kind, fields: inner }) => {
      const value = get(known, name);
      const missing = value === undefined || value === null;
      return [name, missing ? initial : readAs(value, kind, inner)];
    }),
  );
}

/** What the form holds before anybody typed; `known` is what is stored already. */
export function initialValues(
  fields: readonly Field[],
  known: Readonly<Record<string, unknown>> = {},
): Values {
  return valuesOf(fields, known);
}

/** What to send: an optional input that is empty is left out. */
export function filled(fields: readonly Field[], values: Values): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, required }) => {
      const value = values[name];
      if (value === undefined || (value === "" && !required)) return [];
      return [[name, typeof value === "string" ? value.trim() : value]];
    }),
  );
}
