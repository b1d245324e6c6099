import { Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlug, IconRobot, IconUser } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { TimelineEvent } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { NoteBox } from "./NoteBox";
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
import type { Noted } from "./use-note";

interface Props {
  incident: Noted;
  canNote: boolean;
  noteBox: RefObject<HTMLTextAreaElement | null>;
}

/** Everything that happened, newest first; people write notes into it. */
export function Timeline({ incident, canNote, noteBox }: Props) {
  const query = useInfiniteQuery(timelineQuery(incident.id));
  const [who, setWho] = useState<Who>("everything");
  return (
    <Stack gap="sm">
      {canNote && <NoteBox incident={incident} box={noteBox} />}
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
