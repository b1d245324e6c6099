import { Select, Stack, Text, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRunbookForm } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { type Field, fieldsOf, initialValues } from "../../ui/schema";
import { withField } from "./form";
import type { Step } from "./graph";
import { PickField } from "./PickField";
import { TemplateField } from "./TemplateField";
import type { Variable } from "./variables";

interface Props {
  step: Step;
  variables: readonly Variable[];
  errors: Readonly<Record<string, string>>;
  onChange: (config: Step["config"], field: string) => void;
}

/** What a step that runs a runbook is asked for by itself. */
export const OF_RUNBOOK: ReadonlySet<string> = new Set([
  "runbook_id",
  "parameters",
  "connection_id",
  "confirmation",
]);

function runbookFormQuery(id: string, version: number | undefined) {
  return queryOptions({
    queryKey: ["runbooks", id, "form", "step", version ?? "newest"],
    queryFn: ({ signal }) =>
      getRunbookForm({
        path: { runbook_id: id },
        query: { version },
        signal,
      }),
    enabled: id !== "",
  });
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

/** Which runbook, where it runs, and its own parameters, which may hold variables. */
export function RunbookFields({ step, variables, errors, onChange }: Props) {
  const { config } = step;
  const id = text(config.runbook_id);
  const version =
    typeof config.version === "number" ? config.version : undefined;
  const { data: form, error } = useQuery(runbookFormQuery(id, version));
  const given = object(config.parameters);
  const set = (name: string, value: unknown) =>
    onChange(withField(config, name, value), name);
  return (
    <Stack gap="sm">
      <PickField
        label="Runbook"
        required
        error={errors.runbook_id}
        of="runbook"
        many={false}
        value={id ? [id] : []}
        onChange={([chosen]) =>
          // another runbook has other parameters, connections and another name
          onChange(
            {
              ...without(config, ["parameters", "connection_id", "version"]),
              runbook_id: chosen ?? "",
              confirmation: "",
            },
            "runbook_id",
          )
        }
      />
      <Problem text={error ? `Its form: ${error.message}` : undefined} />
      {form && form.connections.length > 1 && (
        <Select
          label="Where it runs"
          required
          error={errors.connection_id}
          placeholder="Choose a connection"
          data={form.connections.map((one) => ({
            value: one.id,
            label: one.name,
          }))}
          value={text(config.connection_id) || null}
          onChange={(chosen) => set("connection_id", chosen)}
        />
      )}
      {form &&
        fieldsOf(form.parameters).map((field) => (
          <Parameter
            key={field.name}
            field={field}
            value={given[field.name]}
            fallback={form.values[field.name]}
            variables={variables}
            set={(value) =>
              set("parameters", withField(given, field.name, value))
            }
          />
        ))}
      {form && fieldsOf(form.parameters).length === 0 && (
        <Text size="sm" c="dimmed">
          It has no parameters.
        </Text>
      )}
      <Problem text={errors.parameters} />
      {form?.confirmation && (
        <TextInput
          label={`Type “${form.confirmation}” to confirm`}
          description="It is destructive: it also needs an approval before it."
          required
          error={errors.confirmation}
          value={text(config.confirmation)}
          onChange={(event) => set("confirmation", event.currentTarget.value)}
        />
      )}
    </Stack>
  );
}

function without(config: Step["config"], names: readonly string[]) {
  return Object.fromEntries(
    Object.entries(config).filter(([name]) => !names.includes(name)),
  );
}

interface ParameterProps {
  field: Field;
  value: unknown;
  /** what it is if nothing is said */
  fallback: unknown;
  variables: readonly Variable[];
  set: (value: unknown) => void;
}

function Parameter({ field, value, fallback, variables, set }: ParameterProps) {
  const otherwise = text(fallback);
  if (field.kind === "text")
    return (
      <TemplateField
        label={field.title}
        description={field.description}
        required={field.required && otherwise === ""}
        placeholder={otherwise || field.placeholder}
        long={false}
        variables={variables}
        value={text(value)}
        onChange={set}
      />
    );
  const values = initialValues([field], {
    [field.name]: value ?? fallback,
  });
  return (
    <SchemaFields
      fields={[field]}
      values={values}
      onChange={(next) => set(next[field.name])}
    />
  );
}
