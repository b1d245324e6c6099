import type { WorkflowNodeType } from "../../api/generated";
import { type Field, fieldsOf } from "../../ui/schema";

export type Pick = "service" | "user" | "status_page" | "runbook" | "by kind";

/** One input of a step's form, and what the server says it is for. */
export interface StepField {
  field: Field;
  /** a text with variables in it */
  template: boolean;
  /** the name of a secret */
  secret: boolean;
  /** CEL */
  condition: boolean;
  pick: string | null;
  many: boolean;
  /** one text, not a list of them, nor names with texts */
  line: boolean;
  /** any JSON at all */
  json: boolean;
  /** longer texts get more room */
  long: boolean;
  /** what counts if nothing is said */
  otherwise: unknown;
}

const LINE = 600; // characters: what may be longer is no line

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function isAnything(property: Record<string, unknown>): boolean {
  return (
    property.$ref === "#/$defs/JsonValue" ||
    object(property.additionalProperties).$ref !== undefined
  );
}

/** The inputs of a step's form, in its order. */
export function stepFields(type: WorkflowNodeType): StepField[] {
  const properties = object(type.form.properties);
  return fieldsOf(type.form).map((field) => {
    const property = object(properties[field.name]);
    const options = Array.isArray(property.anyOf)
      ? property.anyOf.map(object)
      : [];
    const all = [property, ...options];
    const marked = (name: string) => all.some((each) => each[name] === true);
    const most = property.maxLength;
    return {
      field,
      template: marked("template"),
      secret: marked("secret"),
      condition: marked("condition"),
      pick: typeof property.pick === "string" ? property.pick : null,
      many: property.type === "array",
      line: all.some(({ type }) => type === "string"),
      json: isAnything(property),
      long: typeof most === "number" && most > LINE,
      otherwise: property.default,
    };
  });
}

/** The form with one field changed; what says nothing is left out. */
export function withField(
  config: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const { [name]: _, ...rest } = config;
  const nothing = value === "" || value === null || value === undefined;
  return nothing ? rest : { ...rest, [name]: value };
}
