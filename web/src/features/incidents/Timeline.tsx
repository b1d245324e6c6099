import {
  Button,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { IconPlug, IconRobot, IconUser } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { type FormEvent, type RefObject, useState } from "react";
import { createNote, type TimelineEvent } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { useKept } from "../../ui/use-kept";
import { timelineQuery } from "./queries";
import classes from "./Timeline.module.css";
import {
  isBy,
  noteOf,
  untilOf,
  WHO,
  type Who,
  wordsFor,
} from "./timeline-words";

interface Props {
  incidentId: string;
  canNote: boolean;
  noteBox: RefObject<HTMLTextAreaElement | null>;
}

/** Everything that happened, newest first; people write notes into it. */
export function Timeline({ incidentId, canNote, noteBox }: Props) {
  const query = useInfiniteQuery(timelineQuery(incidentId));
  const [who, setWho] = useState<Who>("everything");
  return (
    <Stack gap="sm">
      {canNote && <NoteBox incidentId={incidentId} box={noteBox} />}
      <SegmentedControl
        size="xs"
        aria-label="Whose doings to show"
        data={WHO.map((value) => ({
          value,
          label: value.charAt(0).toUpperCase() + value.slice(1),
        }))}
        value={who}
        onChange={setWho}
        style={{ alignSelf: "flex-start" }}
      />
      <Loaded what="The timeline" query={query}>
        {(data) => {
          const events = data.pages
            .flatMap((page) => page.items)
            .filter((event) => isBy(who, event));
          return (
            <>
              <ol className={classes.timeline}>
                {events.map((event) => (
                  <Event key={event.id} event={event} />
                ))}
              </ol>
              {events.length === 0 && (
                <Text size="sm" c="dimmed">
                  Nothing of that kind has happened yet.
                </Text>
              )}
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

const MARKS = { user: IconUser, integration: IconPlug, system: IconRobot };

function Event({ event }: { event: TimelineEvent }) {
  const { actor, at } = event;
  const Mark = MARKS[actor.kind];
  const until = untilOf(event);
  const note = noteOf(event);
  return (
    <li className={classes.event}>
      <Mark size={16} aria-hidden className={classes.mark} />
      <div className={classes.words}>
        <Text size="sm">
          <Text span inherit fw={600}>
            {actor.name}
          </Text>{" "}
          {wordsFor(event)}
          {until && (
            <>
              {" until "}
              <At at={until} />
            </>
          )}
        </Text>
        {note && (
          <Paper withBorder px="sm" py={6} mt={4}>
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {note}
            </Text>
          </Paper>
        )}
      </div>
      <Text size="xs" c="dimmed" className={classes.when}>
        <Ago at={at} />
      </Text>
    </li>
  );
}

interface NoteBoxProps {
  incidentId: string;
  box: RefObject<HTMLTextAreaElement | null>;
}

function NoteBox({ incidentId, box }: NoteBoxProps) {
  const queryClient = useQueryClient();
  const [text, setText] = useKept(`note ${incidentId}`);
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      createNote({
        path: { incident_id: incidentId },
        body: { text: text.trim() },
      }),
    onSuccess: () => {
      setText("");
      return queryClient.invalidateQueries({
        queryKey: ["incident", incidentId, "timeline"],
      });
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) mutate();
  };
  return (
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
  );
}
