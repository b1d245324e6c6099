import {
  ActionIcon,
  Autocomplete,
  Group,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import {
  isOperator,
  LABEL,
  type Line,
  needsValue,
  OPERATORS,
  type Subjects,
} from "./conditions";

const COMPARISONS = Object.entries(OPERATORS).map(([value, label]) => ({
  value,
  label,
}));

interface Props {
  line: Line;
  at: number;
  subjects: Subjects;
  /** what a subject is often compared with */
  suggest: (subject: string) => string[];
  error?: string;
  onChange: (line: Line) => void;
  onRemove: () => void;
}

/** One comparison: a field, how, and with what. */
export function LineEditor(props: Props) {
  const { line, at, subjects, suggest, error, onChange, onRemove } = props;
  const choices = [
    ...Object.entries(subjects).map(([value, label]) => ({ value, label })),
    { value: LABEL, label: "Label" },
  ];
  const which = `of line ${at + 1}`;
  return (
    <Stack gap={4} role="group" aria-label={`Line ${at + 1}`}>
      <Group gap={6} align="start" wrap="nowrap">
        <Group gap={6} flex={1} align="start">
          <Select
            aria-label={`Field ${which}`}
            data={choices}
            allowDeselect={false}
            style={{ flex: "1 1 8rem" }}
            value={line.field}
            onChange={(field) => field && onChange({ ...line, field })}
          />
          {line.field === LABEL && (
            <TextInput
              aria-label={`Label ${which}`}
              placeholder="env"
              style={{ flex: "1 1 6rem" }}
              maxLength={200}
              value={line.label}
              onChange={(event) =>
                onChange({ ...line, label: event.currentTarget.value })
              }
            />
          )}
          <Select
            aria-label={`Comparison ${which}`}
            data={COMPARISONS}
            allowDeselect={false}
            style={{ flex: "1 1 8rem" }}
            value={line.operator}
            onChange={(operator) =>
              isOperator(operator) &&
              onChange({
                ...line,
                operator,
                values:
                  operator === "one_of"
                    ? line.values.filter(Boolean)
                    : line.values.slice(0, 1),
              })
            }
          />
          {needsValue(line.operator) && (
            <Value
              line={line}
              which={which}
              suggestions={suggest(line.field)}
              onChange={onChange}
            />
          )}
        </Group>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove line ${at + 1}`}
          onClick={onRemove}
        >
          <IconX size={18} />
        </ActionIcon>
      </Group>
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

interface ValueProps {
  line: Line;
  which: string;
  suggestions: string[];
  onChange: (line: Line) => void;
}

function Value({ line, which, suggestions, onChange }: ValueProps) {
  const box = {
    "aria-label": `Value ${which}`,
    data: suggestions,
    style: { flex: "2 1 10rem" },
  };
  if (line.operator === "one_of")
    return (
      <TagsInput
        {...box}
        placeholder={line.values.length === 0 ? "One, Enter, another" : ""}
        maxTags={50}
        acceptValueOnBlur
        value={line.values}
        onChange={(values) => onChange({ ...line, values })}
      />
    );
  return (
    <Autocomplete
      {...box}
      placeholder={line.operator === "matches" ? "^Backup .* failed" : ""}
      maxLength={500}
      value={line.values[0] ?? ""}
      onChange={(value) => onChange({ ...line, values: [value] })}
    />
  );
}
