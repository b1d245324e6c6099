import type { Field } from "./schema";

interface Problems {
  /** by the name of the field */
  fields: Record<string, string>;
  /** what is about no field that is shown */
  rest: string | undefined;
}

/** "number: is too short; url: …" beside the fields that it is about. */
export function fieldProblems(
  message: string | undefined,
  shown: readonly Pick<Field, "name">[],
): Problems {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const part of message?.split("; ") ?? []) {
    const [, start = "", text = ""] = part.match(/^([\w.]+): (.+)$/s) ?? [];
    const about = shown.find(
      ({ name }) => name === start.toLowerCase().split(".")[0],
    );
    if (about) fields[about.name] = text;
    else rest.push(part);
  }
  return { fields, rest: rest.length > 0 ? rest.join("; ") : undefined };
}
