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
import { useQuery } from "@tanstack/react-query";
import { kindsQuery, teamsQuery } from "../../api/queries";
import {
  FIELDS,
  isField,
  isOperator,
  type Line,
  needsValue,
  OPERATORS,
  SEVERITIES,
} from "./conditions";

const CHOICES = [
  ...Object.entries(FIELDS).map(([value, label]) => ({ value, label })),
  { value: "label", label: "Label" },
];
const COMPARISONS = Object.entries(OPERATORS).map(([value, label]) => ({
  value,
  label,
}));

interface Props {
  line: Line;
  at: number;
  error?: string;
  onChange: (line: Line) => void;
  onRemove: () => void;
}

/** One comparison: a field, how, and with what. */
export function LineEditor({ line, at, error, onChange, onRemove }: Props) {
  const which = `of line ${at + 1}`;
  return (
    <Stack gap={4} role="group" aria-label={`Line ${at + 1}`}>
      <Group gap={6} align="start" wrap="nowrap">
        <Group gap={6} flex={1} align="start">
          <Select
            aria-label={`Field ${which}`}
            data={CHOICES}
            allowDeselect={false}
            style={{ flex: "1 1 8rem" }}
            value={line.field}
            onChange={(field) =>
              field &&
              onChange({ ...line, field: isField(field) ? field : "label" })
            }
          />
          {line.field === "label" && (
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
            <Value line={line} which={which} onChange={onChange} />
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
  onChange: (line: Line) => void;
}

function Value({ line, which, onChange }: ValueProps) {
  const suggestions = useSuggestions(line.field);
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

function useSuggestions(field: Line["field"]): string[] {
  const kinds = useQuery({ ...kindsQuery, enabled: field === "kind" }).data;
  const teams = useQuery({ ...teamsQuery, enabled: field === "team" }).data;
  if (field === "severity") return [...SEVERITIES];
  if (field === "action") return ["trigger", "acknowledge", "resolve"];
  if (field === "kind") return kinds?.map(({ kind }) => kind) ?? [];
  if (field === "team") return teams?.map(({ name }) => name) ?? [];
  return [];
}
