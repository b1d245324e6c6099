import { Box, Text } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useNow } from "../../ui/now";
import { type Hand, LaneRow } from "./LaneRow";
import classes from "./Lanes.module.css";
import { clipped, type Lane } from "./lanes";
import { moveFocus } from "./move-focus";
import {
  fraction,
  STEP_MINUTES,
  type Tick,
  ticksOf,
  type Window,
  type Zoom,
} from "./window";

interface Props {
  lanes: readonly Lane[];
  window: Window;
  zoom: Zoom;
  hue: (userId: string) => number;
  hand?: Hand;
}

/** Narrower than this one scrolls sideways. */
const LEAST_PX: Record<Zoom, number> = {
  day: 560,
  fortnight: 600,
  month: 760,
  quarter: 700,
};

/** The lanes of a schedule over one span of time; arrow keys go from shift to shift. */
export function Lanes({ lanes, window, zoom, hue, hand }: Props) {
  const now = useNow(60);
  const [chosen, setChosen] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const keys = lanes.flatMap(({ blocks }) =>
    blocks.filter((block) => clipped(block, window)).map(({ key }) => key),
  );
  const active = chosen && keys.includes(chosen) ? chosen : keys[0];
  const ticks = ticksOf(zoom, window);
  const isNow = window.start <= now && now < window.end;

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const at = fraction(window, Date.now()) % 1;
    box.scrollLeft = at * box.scrollWidth - box.clientWidth / 3;
  }, [window.start, window.end]);

  return (
    <div ref={scroller} className={classes.scroller}>
      <Box
        className={classes.picture}
        __vars={{ "--least": `${LEAST_PX[zoom]}px` }}
        onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => moveFocus(event)}
      >
        <Grid ticks={ticks} window={window} />
        <Axis ticks={ticks} window={window} now={now} />
        {lanes.map((lane) => (
          <div
            key={lane.id}
            className={classes.row}
            data-final={lane.final || undefined}
          >
            <div className={classes.name} title={lane.name} aria-hidden>
              <Text inherit lineClamp={2}>
                {lane.name}
              </Text>
            </div>
            <LaneRow
              lane={lane}
              window={window}
              step={STEP_MINUTES[zoom]}
              hue={hue}
              hand={hand}
              active={active}
              onActive={setChosen}
            />
          </div>
        ))}
        {isNow && (
          <div className={classes.grid}>
            <Box
              className={classes.now}
              __vars={{ "--at": String(fraction(window, now)) }}
            />
          </div>
        )}
      </Box>
    </div>
  );
}

function Grid({ ticks, window }: { ticks: readonly Tick[]; window: Window }) {
  return (
    <div className={classes.grid}>
      {ticks.map(({ at, weekend }, tick) => {
        const from = fraction(window, at);
        const to = fraction(window, ticks[tick + 1]?.at ?? window.end);
        return (
          <Box
            key={at}
            className={weekend ? classes.weekend : classes.line}
            __vars={{ "--at": String(from), "--wide": String(to - from) }}
          />
        );
      })}
    </div>
  );
}

interface AxisProps {
  ticks: readonly Tick[];
  window: Window;
  now: number;
}

function Axis({ ticks, window, now }: AxisProps) {
  return (
    <div className={classes.axis} aria-hidden>
      {ticks.map(({ at, label, always }, tick) => {
        const next = ticks[tick + 1]?.at ?? window.end;
        const from = fraction(window, at);
        return (
          <Box
            key={at}
            className={classes.tick}
            data-today={(at <= now && now < next) || undefined}
            data-sparse={!always || undefined}
            __vars={{
              "--at": String(from),
              "--wide": String(fraction(window, next) - from),
            }}
          >
            {label}
          </Box>
        );
      })}
    </div>
  );
}
