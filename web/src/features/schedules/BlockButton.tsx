import { Box } from "@mantine/core";
import classes from "./Lanes.module.css";
import type { Block } from "./lanes";
import { fraction, type Window } from "./window";
import { holder, initials, sentence, timeOfDay } from "./words";

interface Props {
  block: Block;
  window: Window;
  /** it began before the window */
  cut: boolean;
  now: number;
  hue: number;
  reachable: boolean;
  onFocus: () => void;
  /** none: nothing to press */
  onOpen: (() => void) | undefined;
}

/** A shift or a gap in a lane. */
export function BlockButton(props: Props) {
  const { block, window, cut, now, hue, reachable, onFocus, onOpen } = props;
  const text = sentence(block, window.zone);
  const look = {
    className: classes.block,
    "aria-label": text,
    title: text,
    "data-cut": cut || undefined,
    "data-gap": (!block.user && !block.intended) || undefined,
    "data-intended": block.intended || undefined,
    "data-override": block.override ? true : undefined,
    "data-past": block.end <= now || undefined,
    __vars: {
      "--row": String(block.row),
      "--from": String(fraction(window, block.start)),
      "--to": String(fraction(window, block.end)),
      "--hue": String(hue),
    },
  };
  const inside = (
    <>
      <span className={classes.who}>{holder(block)}</span>
      <span className={classes.initials}>{initials(block)}</span>
      {!cut && block.row === 0 && (
        <span className={classes.since}>
          {timeOfDay(block.start, window.zone)}
        </span>
      )}
    </>
  );
  return onOpen ? (
    <Box
      component="button"
      type="button"
      tabIndex={reachable ? 0 : -1}
      data-block={block.key}
      onFocus={onFocus}
      onClick={onOpen}
      {...look}
    >
      {inside}
    </Box>
  ) : (
    <Box role="listitem" {...look}>
      {inside}
    </Box>
  );
}
