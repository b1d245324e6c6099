import { Box, Group, Stack, Text, Tooltip } from "@mantine/core";
import { useNow } from "../../ui/now";
import { exact } from "../../ui/time";
import type { Turn } from "./rotation";
import classes from "./ShiftPicture.module.css";
import { type Part, position, type Week, weeksOf } from "./weeks";

const COLOURS = ["indigo", "cyan", "grape", "blue", "pink", "lime"];
const WEEKS = 2;

interface Props {
  turns: readonly Turn[];
  /** everybody who takes turns, in order: each has a colour */
  people: readonly { id: string }[];
  /** local midnight of the first day */
  from: number;
  /** the schedule's time zone */
  zone: string;
}

/** Two weeks of shifts in the viewer's zone; the list below it says the same in words. */
export function ShiftPicture({ turns, people, from, zone }: Props) {
  const now = useNow(60);
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const weeks = weeksOf(turns, from, WEEKS, now);
  const hasGaps = weeks.some(({ parts }) => parts.some(({ turn }) => !turn));
  const colour = (id: string) =>
    COLOURS[people.findIndex((each) => each.id === id) % COLOURS.length] ??
    "indigo";
  return (
    <Stack gap="xs">
      {weeks.map((week) => (
        <WeekLane key={week.days[0]} week={week} now={now} colour={colour} />
      ))}
      <Group gap="md">
        <Text size="xs" c="dimmed">
          {mine === zone
            ? `Times in ${zone}`
            : `Drawn in your time zone, ${mine}; hand-offs keep their time in ${zone}`}
        </Text>
        {hasGaps && (
          <Group gap={6} wrap="nowrap">
            <span className={classes.gapKey} aria-hidden />
            <Text size="xs">nobody is on call</Text>
          </Group>
        )}
      </Group>
    </Stack>
  );
}

interface LaneProps {
  week: Week;
  now: number;
  colour: (userId: string) => string;
}

function WeekLane({ week, now, colour }: LaneProps) {
  const first = week.days[0] ?? 0;
  const last = week.days.at(-1) ?? 0;
  return (
    <div className={classes.week} aria-hidden>
      <div className={classes.days}>
        {week.days.slice(0, -1).map((day) => (
          <span
            key={day}
            className={classes.day}
            data-today={(day <= now && now < day + 82_800_000) || undefined}
          >
            <span>
              {new Date(day).toLocaleDateString(undefined, {
                weekday: "short",
              })}
            </span>
            <b>{new Date(day).getDate()}</b>
          </span>
        ))}
      </div>
      <div className={classes.lane}>
        {week.parts.map((part) => (
          <PartOfWeek
            key={`${part.start} ${part.turn?.user.id}`}
            part={part}
            begins={part.start > first}
            colour={part.turn && colour(part.turn.user.id)}
          />
        ))}
        {now >= first && now < last && (
          <Box
            className={classes.now}
            __vars={{ "--at": String(position(week.days, now)) }}
          />
        )}
      </div>
    </div>
  );
}

interface PartProps {
  part: Part;
  begins: boolean;
  colour: string | undefined;
}

function PartOfWeek({ part, begins, colour }: PartProps) {
  const name = part.turn?.user.name ?? "Nobody";
  const start = new Date(part.start);
  const end = new Date(part.end);
  return (
    <Tooltip
      label={`${name}: ${exact(start.toISOString())} to ${exact(end.toISOString())}`}
      multiline
      maw={300}
    >
      <Box
        className={classes.part}
        data-gap={!part.turn || undefined}
        __vars={{
          "--from": String(part.from),
          "--to": String(part.to),
          "--on-light": `var(--mantine-color-${colour}-1)`,
          "--on-dark": `var(--mantine-color-${colour}-9)`,
        }}
      >
        <span className={classes.name}>{name}</span>
        {begins && part.turn && (
          <span className={classes.time}>
            {start.toLocaleTimeString(undefined, {
              hour: "2-digit",
              minute: "2-digit",
            })}
          </span>
        )}
      </Box>
    </Tooltip>
  );
}
