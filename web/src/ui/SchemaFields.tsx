import {
  Button,
  Fieldset,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { PairsInput } from "./PairsInput";
import { type Field, initialValues, type Value, type Values } from "./schema";

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
  value: Value;
  error?: string;
  onChange: (value: Value) => void;
}

function Input(props: InputProps) {
  const { field, value, error, onChange } = props;
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
          value={
            typeof value === "number" || typeof value === "string" ? value : ""
          }
          onChange={onChange}
        />
      );
    case "password":
      return (
        <PasswordInput
          {...shared}
          // a secret of a program, not of the person who types it in
          autoComplete="new-password"
          placeholder={field.placeholder}
          maxLength={field.maxLength}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
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
    case "words":
      return (
        <TagsInput
          {...shared}
          // a comma may be part of a word
          splitChars={[]}
          placeholder={
            Array.isArray(value) && value.length > 0
              ? undefined
              : "Type, then Enter"
          }
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case "long":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={4}
          maxRows={20}
          maxLength={field.maxLength}
          spellCheck={false}
          styles={{
            input: { fontFamily: "var(--mantine-font-family-monospace)" },
          }}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "pairs":
      return (
        <PairsInput
          label={field.title}
          description={field.description}
          error={error}
          value={pairs(value)}
          onChange={onChange}
        />
      );
    case "list":
      return <ListInput {...props} />;
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

function pairs(value: Value): Record<string, string> {
  if (typeof value !== "object" || Array.isArray(value)) return {};
  return value;
}

function ListInput({ field, value, onChange }: InputProps) {
  const items = Array.isArray(value)
    ? value.filter((each) => typeof each !== "string")
    : [];
  return (
    <Fieldset legend={field.title} p="sm">
      <Stack gap="sm">
        {items.map((item, at) => (
          <Group key={at} align="end" gap="xs">
            <Stack flex={1} gap="xs">
              <SchemaFields
                fields={field.fields}
                values={item}
                onChange={(next) =>
                  onChange(items.map((each, i) => (i === at ? next : each)))
                }
              />
            </Stack>
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => onChange(items.filter((_, i) => i !== at))}
            >
              Remove
            </Button>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...items, initialValues(field.fields)])}
          >
            Add one
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
