import { Box } from "@mantine/core";
import { useNow } from "../../ui/now";
import { BlockButton } from "./BlockButton";
import classes from "./Lanes.module.css";
import { type Block, clipped, edgesOf, type Lane } from "./lanes";
import { type Span, useDraw } from "./use-draw";
import { dragged, fraction, instantAt, type Window } from "./window";

export interface Hand {
  /** a shift or a gap was chosen */
  onOpen: (block: Block) => void;
  /** an interval was drawn on the final lane; none: it may not be */
  onDraw?: (span: Span) => void;
}

interface Props {
  lane: Lane;
  window: Window;
  /** how finely a drag is read, in minutes */
  step: number;
  hue: (userId: string) => number;
  /** none: only to look at */
  hand?: Hand;
  /** the block that Tab reaches */
  active?: string;
  onActive?: (key: string) => void;
}

/** One lane: its shifts side by side, those of one time below each other. */
export function LaneRow(props: Props) {
  const { lane, window, step, hue, hand, active, onActive } = props;
  const now = useNow(60);
  const blocks = lane.blocks.flatMap((block) => clipped(block, window) ?? []);
  const draw = lane.final ? hand?.onDraw : undefined;
  const { span, handlers } = useDraw({
    interval: (from, to, near) =>
      dragged(window, from, to, { step, edges: edgesOf(lane), near }),
    onDraw: (drawn) => draw?.(drawn),
    onHold: (at) => draw?.(held(lane, instantAt(window, at), step)),
  });
  return (
    <Box
      className={classes.lane}
      data-many={lane.rows > 1 || undefined}
      data-draggable={draw ? true : undefined}
      role={hand ? "group" : "list"}
      aria-label={lane.name}
      data-lane
      __vars={{ "--rows": String(lane.rows) }}
      {...(draw && handlers)}
    >
      {blocks.map((block) => (
        <BlockButton
          key={block.key}
          block={block}
          window={window}
          cut={!lane.blocks.some(({ start }) => start === block.start)}
          now={now}
          hue={block.user ? hue(block.user.id) : 0}
          reachable={active === block.key}
          onFocus={() => onActive?.(block.key)}
          onOpen={hand && (() => hand.onOpen(whole(lane, block)))}
        />
      ))}
      {span && (
        <Box
          className={classes.selection}
          __vars={{
            "--from": String(fraction(window, span.start)),
            "--to": String(fraction(window, span.end)),
          }}
        />
      )}
    </Box>
  );
}

/** The block that was drawn clipped. */
function whole(lane: Lane, block: Block): Block {
  return lane.blocks.find(({ key }) => key === block.key) ?? block;
}

/** What a long press means: the shift or the gap that is there. */
function held(lane: Lane, at: number, step: number): Span {
  const there = lane.blocks.find(({ start, end }) => start <= at && at < end);
  return there ?? { start: at, end: at + step * 60_000 };
}
