import { type PointerEvent, useRef, useState } from "react";

export interface Span {
  start: number;
  end: number;
}

interface Options {
  /** the interval between two fractions of the lane's width; `near` is a fraction, too */
  interval: (from: number, to: number, near: number) => Span;
  /** an interval was drawn */
  onDraw: (span: Span) => void;
  /** a finger stayed at a fraction of the width */
  onHold: (at: number) => void;
}

const NEAR_PX = 7;
const MOVED_PX = 4;
const FINGER_MOVED_PX = 10;
const HELD_MS = 500;

/**
 * Draw an interval on a lane with a mouse or a pen. A finger scrolls, and asks by staying.
 *
 * Until the pointer has moved it may still be a click on what is below it.
 */
export function useDraw({ interval, onDraw, onHold }: Options) {
  const [span, setSpan] = useState<Span>();
  const began = useRef<number>(undefined);
  // the pointer may be up before a slow machine has rendered where it was
  const drawn = useRef<Span>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // what ends a drag or a long press is a click, too: not one on a shift
  const done = useRef(false);

  const fractionOf = (event: PointerEvent<HTMLElement>, x: number) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return { at: (x - left) / width, near: NEAR_PX / width };
  };
  const spanTo = (event: PointerEvent<HTMLElement>) => {
    const from = fractionOf(event, began.current ?? event.clientX);
    const to = fractionOf(event, event.clientX);
    return interval(from.at, to.at, to.near);
  };
  const end = () => {
    clearTimeout(timer.current);
    began.current = undefined;
    drawn.current = undefined;
    setSpan(undefined);
  };

  return {
    span,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        done.current = false;
        if (event.button !== 0) return;
        began.current = event.clientX;
        if (event.pointerType !== "touch") return;
        const { at } = fractionOf(event, event.clientX);
        timer.current = setTimeout(() => {
          done.current = true;
          onHold(at);
        }, HELD_MS);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (began.current === undefined) return;
        const away = Math.abs(event.clientX - began.current);
        if (event.pointerType === "touch") {
          if (away > FINGER_MOVED_PX) end();
          return;
        }
        if (!drawn.current) {
          if (away < MOVED_PX) return;
          event.currentTarget.setPointerCapture(event.pointerId);
        }
        drawn.current = spanTo(event);
        setSpan(drawn.current);
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        if (drawn.current) {
          done.current = true;
          onDraw(spanTo(event));
        }
        end();
      },
      onPointerCancel: end,
      onClickCapture: (event: { stopPropagation: () => void }) => {
        if (done.current) event.stopPropagation();
        done.current = false;
      },
      onContextMenu: (event: { preventDefault: () => void }) => {
        if (done.current) event.preventDefault();
      },
    },
  };
}
