/** One input of a form that is drawn from a JSON Schema. */
export interface Field {
  name: string;
  title: string;
  description?: string;
  placeholder?: string;
  kind: "text" | "email" | "url" | "number" | "boolean" | "choice";
  choices: string[];
  required: boolean;
  maxLength?: number;
  pattern?: string;
  initial: string | number | boolean;
}

export type Values = Record<string, string | number | boolean>;

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

/** `{anyOf: [X, null]}` is an optional X. */
function withoutNull(property: unknown): unknown {
  const real = list(property, "anyOf").find(
    (each) => text(each, "type") !== "null",
  );
  return real ?? property;
}

const BY_FORMAT: Record<string, Field["kind"]> = { email: "email", uri: "url" };
const BY_TYPE: Record<string, Field["kind"]> = {
  boolean: "boolean",
  integer: "number",
  number: "number",
};

function kindOf(type: unknown): Field["kind"] {
  if (list(type, "enum").length > 0) return "choice";
  return (
    BY_TYPE[text(type, "type") ?? ""] ??
    BY_FORMAT[text(type, "format") ?? ""] ??
    "text"
  );
}

function fieldOf(name: string, property: unknown, required: boolean): Field {
  const type = withoutNull(property);
  const kind = kindOf(type);
  const initial = get(property, "default");
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
    pattern: text(type, "pattern"),
    initial:
      typeof initial === "string" ||
      typeof initial === "number" ||
      typeof initial === "boolean"
        ? initial
        : kind === "boolean"
          ? false
          : "",
  };
}

/** The inputs of an object's JSON Schema, in its order. */
export function fieldsOf(schema: unknown): Field[] {
  const properties = get(schema, "properties");
  if (typeof properties !== "object" || properties === null) return [];
  const required = list(schema, "required");
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, property, required.includes(name)),
  );
}

/** What the form holds before anybody typed; `known` is what is stored already. */
export function initialValues(
  fields: readonly Field[],
  known: Readonly<Record<string, unknown>> = {},
): Values {
  return Object.fromEntries(
    fields.map(({ name, initial }) => {
      const value = known[name];
      const usable =
        typeof value === "string" ||
        typeof value === "number" ||
        typeof value === "boolean";
      return [name, usable ? value : initial];
    }),
  );
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
