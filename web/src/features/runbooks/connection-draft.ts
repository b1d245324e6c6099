import type { Connection, RunbookTarget } from "../../api/generated";
import { type Field, fieldsOf } from "../../ui/schema";

const KEPT = "Unchanged unless you type a new one";

/** The inputs for a connection: a secret that is kept need not be typed in again. */
export function connectionFields(
  target: RunbookTarget | undefined,
  isKept: boolean,
): Field[] {
  return fieldsOf(target?.connection_schema).map((field) =>
    field.kind === "password" && isKept
      ? { ...field, required: false, placeholder: KEPT }
      : field,
  );
}

/** Whether a changed address asks for the secrets once more: they are never sent elsewhere. */
export function asksSecretsAnew(
  kept: Pick<Connection, "values"> | undefined,
  values: Readonly<Record<string, unknown>>,
): boolean {
  if (!kept) return false;
  return ["api_url", "region"].some(
    (name) => name in kept.values && kept.values[name] !== values[name],
  );
}
