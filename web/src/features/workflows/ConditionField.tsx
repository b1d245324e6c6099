import {
  Button,
  Code,
  Group,
  Input,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamsQuery } from "../../api/queries";
import { BuilderEditor } from "../../ui/BuilderEditor";
import {
  builderOf,
  fromCel,
  lineProblem,
  linesOf,
  newLine,
  SEVERITIES,
  toCel,
} from "../../ui/conditions";

/** What a workflow's condition may speak of, in the words of people. */
const SUBJECTS = {
  title: "Title",
  severity: "Severity",
  service: "Service",
  team: "Team",
  priority: "Priority",
  urgency: "Urgency",
  status: "Status",
  kind: "What happened",
  actor: "Who did it",
} as const;

interface Props {
  label: string;
  error?: string;
  required: boolean;
  /** what it means that there is none */
  without: string;
  value: string;
  onChange: (cel: string) => void;
}

/** A condition: put together from lines where lines can say it, else CEL. */
export function ConditionField(props: Props) {
  const { label, error, required, without, value, onChange } = props;
  const read = fromCel(value, SUBJECTS);
  const [asCel, setAsCel] = useState(read === null);
  const [every, setEvery] = useState(read?.every ?? true);
  const [lines, setLines] = useState(() => {
    const known = read ? linesOf(read, SUBJECTS) : [];
    return known.length === 0 && required ? [newLine()] : known;
  });
  const suggest = useSuggestions(lines.some(({ field }) => field === "team"));
  const change = (part: { every?: boolean; lines?: typeof lines }) => {
    const next = { every, lines, ...part };
    setEvery(next.every);
    setLines(next.lines);
    const finished = next.lines.filter((line) => lineProblem(line) === null);
    onChange(toCel(builderOf(finished, next.every)));
  };
  const turn = () => {
    if (asCel && read) {
      setEvery(read.every ?? true);
      setLines(linesOf(read, SUBJECTS));
    }
    setAsCel(!asCel);
  };
  return (
    <Input.Wrapper label={label} labelElement="div" required={required}>
      <Stack gap={6} mt={4} role="group" aria-label={label}>
        {asCel ? (
          <Textarea
            aria-label={`${label}, in CEL`}
            placeholder='severity == "critical" && service == "payments"'
            autosize
            minRows={2}
            maxLength={2000}
            spellCheck={false}
            styles={{
              input: { fontFamily: "var(--mantine-font-family-monospace)" },
            }}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <BuilderEditor
            subjects={SUBJECTS}
            suggest={suggest}
            without={without}
            every={every}
            lines={lines}
            errors={{}}
            onChange={change}
          />
        )}
        {error && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
        <Group gap="xs" justify="space-between">
          {!asCel && value ? (
            <Text size="xs" c="dimmed">
              In CEL: <Code fz="xs">{value}</Code>
            </Text>
          ) : (
            <span />
          )}
          <Button
            size="compact-xs"
            variant="subtle"
            disabled={asCel && read === null}
            title={
              asCel && read === null ? "It says more than lines can" : undefined
            }
            onClick={turn}
          >
            {asCel ? "Put it together" : "Write CEL"}
          </Button>
        </Group>
        {asCel && (
          <Text size="xs" c="dimmed">
            Fields: <Code fz="xs">{Object.keys(SUBJECTS).join(", ")}</Code>,{" "}
            <Code fz="xs">labels</Code>, <Code fz="xs">incident</Code>,{" "}
            <Code fz="xs">event</Code>, <Code fz="xs">steps</Code>,{" "}
            <Code fz="xs">request</Code>, <Code fz="xs">item</Code>.
          </Text>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

const OFTEN: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES,
  priority: ["P1", "P2", "P3", "P4", "P5"],
  urgency: ["high", "low"],
  status: ["triggered", "acknowledged", "resolved"],
};

function useSuggestions(asked: boolean): (subject: string) => string[] {
  const teams = useQuery({ ...teamsQuery, enabled: asked }).data;
  return (subject) =>
    subject === "team"
      ? (teams?.map(({ name }) => name) ?? [])
      : [...(OFTEN[subject] ?? [])];
}
