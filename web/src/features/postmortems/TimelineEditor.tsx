import {
  ActionIcon,
  Button,
  Group,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import {
  IconEye,
  IconEyeOff,
  IconPlus,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { memo, useCallback, useRef } from "react";
import { Section } from "../../ui/Section";
import { instantTyped } from "../../ui/when";
import { inOrder, type Line } from "./content";
import { typedOf } from "./ImpactFields";

const MOST = 500;

interface Props {
  lines: readonly Line[];
  onChange: (lines: Line[]) => void;
  onRefresh: () => Promise<void>;
}

/** The story line by line: hide, reword, move in time, add. */
export function TimelineEditor({ lines, onChange, onRefresh }: Props) {
  const newest = useRef({ lines, onChange });
  newest.current = { lines, onChange };
  const refresh = useMutation({ mutationFn: onRefresh });
  const change = useCallback((id: string, part: Partial<Line> | null) => {
    const now = newest.current;
    const changed = now.lines.flatMap((line) =>
      line.id !== id ? [line] : part ? [{ ...line, ...part }] : [],
    );
    now.onChange(part?.at ? inOrder(changed) : changed);
  }, []);
  const add = () => {
    const last = lines.at(-1);
    const at = last?.at ?? new Date().toISOString();
    const id = crypto.randomUUID?.() ?? `line-${Date.now()}`;
    onChange([...lines, { id, at, text: "", incident: null, hidden: false }]);
  };
  return (
    <Section
      title="Timeline"
      action={
        <Button
          variant="default"
          size="compact-md"
          loading={refresh.isPending}
          leftSection={<IconRefresh size={16} />}
          onClick={() => refresh.mutate()}
        >
          Fetch what happened since
        </Button>
      }
    >
      <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
        {lines.map((line) => (
          <OneLine key={line.id} line={line} onChange={change} />
        ))}
      </Stack>
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={lines.length >= MOST}
          onClick={add}
        >
          Add a line
        </Button>
      </Group>
    </Section>
  );
}

interface LineProps {
  line: Line;
  onChange: (id: string, part: Partial<Line> | null) => void;
}

const OneLine = memo(({ line, onChange }: LineProps) => {
  const { id, at, text, hidden, incident } = line;
  const isEvent = id.startsWith("event-");
  return (
    <Paper component="li" withBorder p={6} opacity={hidden ? 0.6 : 1}>
      <Group gap="xs" align="start">
        <TextInput
          type="datetime-local"
          aria-label="When"
          size="sm"
          w={235}
          value={typedOf(at)}
          onChange={(event) => {
            const next = instantTyped(event.currentTarget.value);
            if (next) onChange(id, { at: next });
          }}
        />
        <Textarea
          aria-label="What happened"
          placeholder="What happened"
          size="sm"
          autosize
          minRows={1}
          maxLength={2000}
          value={text}
          td={hidden ? "line-through" : undefined}
          onChange={(event) =>
            onChange(id, { text: event.currentTarget.value })
          }
          style={{ flex: "1 1 220px" }}
        />
        <Group gap={4} wrap="nowrap" mih={36}>
          {incident !== null && (
            <Text size="sm" c="dimmed">
              #{incident}
            </Text>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={hidden ? `Show “${text}”` : `Hide “${text}”`}
            onClick={() => onChange(id, { hidden: !hidden })}
          >
            {hidden ? <IconEyeOff size={16} /> : <IconEye size={16} />}
          </ActionIcon>
          {!isEvent && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete “${text}”`}
              onClick={() => onChange(id, null)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      </Group>
    </Paper>
  );
});
