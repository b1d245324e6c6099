import { type PointerEvent, useRef, useState } from "react";

interface Drag {
  from: number;
  to: number;
}

/** Where in a list a row lands whose handle is dragged to `y`, by the middles of the rows. */
export function landing(
  middles: readonly number[],
  from: number,
  y: number,
): number {
  const others = middles.filter((_, at) => at !== from);
  return others.filter((middle) => middle < y).length;
}

/** Rows that a mouse or a finger puts into another order by a handle. */
export function useDrag(onMove: (from: number, to: number) => void) {
  const list = useRef<HTMLElement | null>(null);
  const [drag, setDrag] = useState<Drag>();
  const middles = () =>
    [...(list.current?.children ?? [])].map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
  const handle = (from: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      list.current = event.currentTarget.closest("ol");
      setDrag({ from, to: from });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag?.from !== from) return;
      const to = landing(middles(), from, event.clientY);
      if (to !== drag.to) setDrag({ from, to });
    },
    onPointerUp: () => {
      if (drag && drag.to !== drag.from) onMove(drag.from, drag.to);
      setDrag(undefined);
    },
    onPointerCancel: () => setDrag(undefined),
  });
  /** how a row looks meanwhile: it is the one, or the one lands before or after it */
  const look = (at: number) => {
    if (!drag) return undefined;
    if (drag.from === at) return "dragged";
    if (drag.to !== at) return undefined;
    return drag.to < drag.from ? "before" : "after";
  };
  return { handle, look };
}
