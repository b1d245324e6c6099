import { Box, Text } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useNow } from "../../ui/now";
import { midnight, monday, plusDays, weekday } from "../../ui/wall";
import classes from "./Calendar.module.css";
import { type Hand, LaneRow } from "./LaneRow";
import type { Lane } from "./lanes";
import { moveFocus } from "./move-focus";
import { dates, fraction, STEP_MINUTES, type Window } from "./window";

interface Props {
  lane: Lane | undefined;
  /** a month */
  window: Window;
  hue: (userId: string) => number;
  hand: Hand;
}

const WEEK = 7;
const SATURDAY = 5;

/** A month, week below week; each week is a lane of its own. */
export function Calendar({ lane, window, hue, hand }: Props) {
  if (!lane) return null;
  const weeks = weeksOf(window);
  return (
    <Box
      className={classes.month}
      onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => moveFocus(event)}
    >
      <div className={classes.head} aria-hidden>
        {dates(weeks[0] ?? window).map((date) => (
          <Text key={date} size="xs" c="dimmed" fw={600}>
            {named(date, "short")}
          </Text>
        ))}
      </div>
      {weeks.map((week) => (
        <Week
          key={week.from}
          week={week}
          month={window}
          lane={{ ...lane, name: `Week of ${named(week.from, "long")}` }}
          hue={hue}
          hand={hand}
        />
      ))}
    </Box>
  );
}

interface WeekProps extends Omit<Props, "lane" | "window"> {
  week: Window;
  month: Window;
  lane: Lane;
}

function Week({ week, month, lane, hue, hand }: WeekProps) {
  const now = useNow(60);
  const first = lane.blocks.find(({ end }) => end > week.start)?.key;
  return (
    <div className={classes.week}>
      <div className={classes.days} aria-hidden>
        {dates(week).map((date) => (
          <span
            key={date}
            className={classes.day}
            data-other={date < month.from || date >= month.to || undefined}
            data-weekend={weekday(date) >= SATURDAY || undefined}
            data-today={
              (midnight(date, week.zone) <= now &&
                now < midnight(plusDays(date, 1), week.zone)) ||
              undefined
            }
          >
            <span>{Number(date.slice(8))}</span>
          </span>
        ))}
      </div>
      <div className={classes.shifts}>
        <LaneRow
          lane={lane}
          window={week}
          step={STEP_MINUTES.fortnight}
          hue={hue}
          hand={hand}
          active={first}
        />
        {week.start <= now && now < week.end && (
          <Box
            className={classes.now}
            __vars={{ "--at": String(fraction(week, now)) }}
          />
        )}
      </div>
    </div>
  );
}

function named(date: string, form: "short" | "long"): string {
  const options: Intl.DateTimeFormatOptions =
    form === "short" ? { weekday: "short" } : { day: "numeric", month: "long" };
  return new Date(`${date}T12:00:00Z`).toLocaleDateString(undefined, {
    timeZone: "UTC",
    ...options,
  });
}

/** The whole weeks that touch a month. */
export function weeksOf({ from, to, zone }: Window): Window[] {
  const found: Window[] = [];
  for (let first = monday(from); first < to; first = plusDays(first, WEEK)) {
    const next = plusDays(first, WEEK);
    found.push({
      from: first,
      to: next,
      zone,
      start: midnight(first, zone),
      end: midnight(next, zone),
    });
  }
  return found;
}
