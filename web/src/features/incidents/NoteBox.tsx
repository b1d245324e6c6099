import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import type { FormEvent, RefObject } from "react";
import { useUnsent } from "../../pwa/unsent";
import { useKept } from "../../ui/use-kept";
import { type Noted, useNote } from "./use-note";

interface Props {
  incident: Noted;
  box: RefObject<HTMLTextAreaElement | null>;
}

/** Where people write what they see or try; what has not been sent yet stands under it. */
export function NoteBox({ incident, box }: Props) {
  const [text, setText] = useKept(`note ${incident.id}`);
  const { mutate, isPending } = useNote(incident, () => setText(""));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) mutate(text.trim());
  };
  return (
    <Stack gap="xs">
      <form onSubmit={save}>
        <Group gap="xs" align="end" wrap="nowrap">
          <Textarea
            ref={box}
            aria-label="Note"
            placeholder="Write what you see or try"
            autosize
            minRows={1}
            maxRows={8}
            maxLength={10_000}
            flex={1}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey))
                save(event);
            }}
          />
          <Button
            type="submit"
            variant="default"
            loading={isPending}
            disabled={!text.trim()}
          >
            Add note
          </Button>
        </Group>
      </form>
      <UnsentNotes incidentId={incident.id} />
    </Stack>
  );
}

function UnsentNotes({ incidentId }: { incidentId: string }) {
  const notes = useUnsent().flatMap((action) =>
    action.verb === "note" && action.incident.id === incidentId ? [action] : [],
  );
  return notes.map(({ id, text }) => (
    <Paper key={id} withBorder px="sm" py={6}>
      <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
        {text}
      </Text>
      <Text size="xs" c="dimmed">
        Not sent yet: sent as soon as there is a connection
      </Text>
    </Paper>
  ));
}
