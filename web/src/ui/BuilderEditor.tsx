import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type Line, MOST_LINES, newLine, type Subjects } from "./conditions";
import { LineEditor } from "./LineEditor";

interface Props {
  subjects: Subjects;
  /** what a subject is often compared with */
  suggest: (subject: string) => string[];
  /** what it means that there is no line */
  without: string;
  every: boolean;
  lines: Line[];
  errors: Readonly<Record<string, string>>;
  onChange: (part: { every?: boolean; lines?: Line[] }) => void;
}

/** A condition as lines of field, operator and value. */
export function BuilderEditor(props: Props) {
  const { subjects, suggest, without, every, lines, errors, onChange } = props;
  return (
    <Stack gap="xs">
      {lines.length > 1 && (
        <Group gap="xs">
          <SegmentedControl
            aria-label="How many of the lines have to hold"
            size="xs"
            data={[
              { value: "all", label: "All" },
              { value: "any", label: "Any" },
            ]}
            value={every ? "all" : "any"}
            onChange={(next) => onChange({ every: next === "all" })}
          />
          <Text size="sm">of these hold</Text>
        </Group>
      )}
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {without}
        </Text>
      )}
      {lines.map((line, at) => (
        <LineEditor
          key={line.key}
          line={line}
          at={at}
          subjects={subjects}
          suggest={suggest}
          error={errors[`lines.${line.key}`]}
          onChange={(next) => onChange({ lines: lines.with(at, next) })}
          onRemove={() =>
            onChange({ lines: lines.filter((each) => each !== line) })
          }
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          disabled={lines.length >= MOST_LINES}
          onClick={() => onChange({ lines: [...lines, newLine()] })}
        >
          Add a line
        </Button>
      </Group>
    </Stack>
  );
}
