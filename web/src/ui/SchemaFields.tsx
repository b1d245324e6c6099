import { NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { Field, Values } from "./schema";

interface Props {
  fields: readonly Field[];
  values: Values;
  onChange: (values: Values) => void;
  /** by the name of the field */
  errors?: Readonly<Record<string, string>>;
}

/** The inputs that a JSON Schema asks for. */
export function SchemaFields({ fields, values, onChange, errors = {} }: Props) {
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <Input
          key={field.name}
          field={field}
          value={values[field.name] ?? field.initial}
          error={errors[field.name]}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </Stack>
  );
}

interface InputProps {
  field: Field;
  value: string | number | boolean;
  error?: string;
  onChange: (value: string | number | boolean) => void;
}

function Input({ field, value, error, onChange }: InputProps) {
  const shared = {
    label: field.title,
    description: field.description,
    required: field.required,
    error,
  };
  switch (field.kind) {
    case "boolean":
      return (
        <Switch
          label={field.title}
          description={field.description}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "boolean" ? "" : value}
          onChange={onChange}
        />
      );
    case "choice":
      return (
        <Select
          {...shared}
          data={field.choices}
          value={String(value) || null}
          onChange={(choice) => onChange(choice ?? "")}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          type={field.kind}
          placeholder={field.placeholder}
          maxLength={field.maxLength}
          pattern={field.pattern}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
