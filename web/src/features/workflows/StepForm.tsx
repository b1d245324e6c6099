import { Stack } from "@mantine/core";
import type { WorkflowNodeType } from "../../api/generated";
import { SchemaFields } from "../../ui/SchemaFields";
import { initialValues, type Value } from "../../ui/schema";
import { ConditionField } from "./ConditionField";
import { type StepField, stepFields, withField } from "./form";
import type { Step } from "./graph";
import { JsonField } from "./JsonField";
import { PickField } from "./PickField";
import { OF_RUNBOOK, RunbookFields } from "./RunbookFields";
import { SecretField } from "./SecretField";
import { TemplateField } from "./TemplateField";
import type { Variable } from "./variables";

const RUN_RUNBOOK = "run_runbook";

interface Props {
  step: Step;
  type: WorkflowNodeType;
  teamId: string | null;
  mayEdit: boolean;
  variables: readonly Variable[];
  /** by the name of the field */
  errors: Readonly<Record<string, string>>;
  onChange: (config: Step["config"], field: string) => void;
}

/** The form of a step, as its JSON Schema asks for it. */
export function StepForm(props: Props) {
  const { step, type, onChange } = props;
  const runs = step.type === RUN_RUNBOOK;
  const fields = stepFields(type).filter(
    ({ field }) => !runs || !OF_RUNBOOK.has(field.name),
  );
  return (
    <Stack gap="sm">
      {runs && <RunbookFields {...props} />}
      {fields.map((each) => (
        <Input
          key={each.field.name}
          {...props}
          of={each}
          set={(value) =>
            onChange(
              withField(step.config, each.field.name, value),
              each.field.name,
            )
          }
        />
      ))}
    </Stack>
  );
}

interface InputProps extends Props {
  of: StepField;
  set: (value: unknown) => void;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return value ? [value] : [];
  return Array.isArray(value) ? value.map(String) : [];
}

function Input({ of, set, step, errors, ...props }: InputProps) {
  const { field } = of;
  const value = step.config[field.name] ?? of.otherwise;
  const shared = {
    label: field.title,
    description: field.description,
    required: field.required,
    error: errors[field.name],
  };
  if (of.condition)
    return (
      <ConditionField
        // another step's lines are other lines
        key={step.id}
        label={field.title}
        required={field.required}
        error={shared.error}
        without={
          field.required
            ? "Say what has to hold."
            : "Without a line it starts always."
        }
        value={text(value)}
        onChange={set}
      />
    );
  if (of.secret)
    return (
      <SecretField
        {...shared}
        teamId={props.teamId}
        mayEdit={props.mayEdit}
        value={text(value)}
        onChange={set}
      />
    );
  if (of.pick)
    return (
      <PickField
        {...shared}
        of={
          of.pick === "by kind" ? text(step.config.kind) || "policy" : of.pick
        }
        many={of.many}
        value={texts(value)}
        onChange={(ids) => set(of.many ? ids : (ids[0] ?? ""))}
      />
    );
  if (of.json)
    return <JsonField key={step.id} {...shared} value={value} onChange={set} />;
  if (of.template && of.line)
    return (
      <TemplateField
        {...shared}
        long={of.long}
        placeholder={field.placeholder}
        variables={props.variables}
        value={text(value)}
        onChange={set}
      />
    );
  const values = initialValues([field], { [field.name]: value });
  return (
    <SchemaFields
      key={step.id}
      fields={[field]}
      values={values}
      errors={errors}
      onChange={(next: Record<string, Value>) => set(next[field.name])}
    />
  );
}
