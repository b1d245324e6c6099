import {
  Autocomplete,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { FACTS, KINDS, type Parameter } from "./parameters";
import { choicesOf, oneOf } from "./words";

interface Props {
  parameter: Parameter;
  problem: string | undefined;
  onChange: (parameter: Parameter) => void;
}

/** One parameter: its name, its form, what fills it in. */
export function ParameterFields({ parameter, problem, onChange }: Props) {
  const { kind } = parameter;
  const change = (part: Partial<Parameter>) =>
    onChange({ ...parameter, ...part });
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          label="Name"
          description="As the target knows it"
          placeholder="worker"
          spellCheck={false}
          withAsterisk
          value={parameter.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label="Type"
          description="What may be typed in"
          data={choicesOf(KINDS)}
          allowDeselect={false}
          value={kind}
          onChange={(next) => change({ kind: oneOf(KINDS, next) ?? kind })}
        />
        <TextInput
          label="Title"
          description="As people read it"
          placeholder={parameter.name || "Worker"}
          value={parameter.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <TextInput
          label="Hint"
          description="Under the title"
          value={parameter.description}
          onChange={(event) =>
            change({ description: event.currentTarget.value })
          }
        />
      </SimpleGrid>
      <Form parameter={parameter} change={change} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          label="Default"
          description={DEFAULTS[kind] ?? "Optional"}
          value={parameter.initial}
          onChange={(event) => change({ initial: event.currentTarget.value })}
        />
        <Autocomplete
          label="Filled in from the incident"
          description="Optional; it is still checked"
          placeholder="alert.labels.host"
          data={FACTS}
          spellCheck={false}
          value={parameter.binding}
          onChange={(binding) => change({ binding })}
        />
      </SimpleGrid>
      <Group justify="space-between">
        <Switch
          label="Required"
          checked={parameter.required}
          onChange={(event) =>
            change({ required: event.currentTarget.checked })
          }
        />
        {problem && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
      </Group>
    </>
  );
}

const DEFAULTS: Partial<Record<Parameter["kind"], string>> = {
  boolean: "true or false",
  list: "Optional; with commas in between",
};

interface FormProps {
  parameter: Parameter;
  change: (part: Partial<Parameter>) => void;
}

/** What a value of this kind looks like. */
function Form({ parameter, change }: FormProps) {
  switch (parameter.kind) {
    case "text":
      return <Pattern parameter={parameter} change={change} />;
    case "choice":
      return <Choices parameter={parameter} change={change} />;
    case "integer":
    case "number":
      return (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {(["minimum", "maximum"] as const).map((bound) => (
            <NumberInput
              key={bound}
              label={bound === "minimum" ? "Smallest" : "Largest"}
              allowDecimal={parameter.kind === "number"}
              value={parameter[bound] ?? ""}
              onChange={(next) =>
                change({ [bound]: next === "" ? null : Number(next) })
              }
            />
          ))}
        </SimpleGrid>
      );
    case "list":
      return (
        <>
          {parameter.choices.length === 0 && (
            <Pattern parameter={parameter} change={change} />
          )}
          <Choices parameter={parameter} change={change} />
          <NumberInput
            label="At most so many"
            description="So that nobody restarts every host at once; 50 at most"
            min={1}
            max={50}
            allowDecimal={false}
            value={parameter.mostItems ?? ""}
            onChange={(next) =>
              change({ mostItems: next === "" ? null : Number(next) })
            }
          />
        </>
      );
    default:
      return null;
  }
}

function Pattern({ parameter, change }: FormProps) {
  return (
    <TextInput
      label="Pattern"
      description="A regular expression of the whole text, from ^ to $. Without one it must be a single word"
      placeholder="^worker-[0-9]{1,3}$"
      spellCheck={false}
      styles={{
        input: { fontFamily: "var(--mantine-font-family-monospace)" },
      }}
      value={parameter.pattern}
      onChange={(event) => change({ pattern: event.currentTarget.value })}
    />
  );
}

function Choices({ parameter, change }: FormProps) {
  return (
    <TagsInput
      label="Values"
      description={
        parameter.kind === "list"
          ? "Instead of a pattern: only these"
          : "Only these can be chosen"
      }
      placeholder="Type, then Enter"
      splitChars={[]}
      value={parameter.choices}
      onChange={(choices) => change({ choices })}
    />
  );
}
