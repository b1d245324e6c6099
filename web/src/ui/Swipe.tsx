import { type ReactNode, type TouchEvent, useRef, useState } from "react";
import { tick } from "../pwa/device-settings";
import classes from "./Swipe.module.css";

interface Action {
  label: string;
  run: () => void;
}

interface Props {
  /** what a swipe to the right does */
  right?: Action;
  left?: Action;
  children: ReactNode;
}

const FAR_ENOUGH_PX = 96;
const CLEARLY_SIDEWAYS_PX = 14;

function farEnough(px: number): boolean {
  return Math.abs(px) > FAR_ENOUGH_PX;
}

/** A row that can be swiped on a touch screen; nothing is lost without: the row can be opened. */
export function Swipe({ right, left, children }: Props) {
  const from = useRef<{ x: number; y: number }>(undefined);
  const [by, setBy] = useState(0);

  const begin = ({ touches }: TouchEvent) => {
    const touch = touches[0];
    from.current = touch && { x: touch.clientX, y: touch.clientY };
  };
  const move = ({ touches }: TouchEvent) => {
    const touch = touches[0];
    if (!touch || !from.current) return;
    const x = touch.clientX - from.current.x;
    const y = touch.clientY - from.current.y;
    if (by === 0) {
      // scrolling down the page wins
      if (Math.abs(y) > Math.abs(x)) from.current = undefined;
      if (Math.abs(x) < CLEARLY_SIDEWAYS_PX) return;
    }
    const allowed = x > 0 ? right : left;
    if (allowed && !farEnough(by) && farEnough(x)) tick();
    setBy(allowed ? x : 0);
  };
  const end = () => {
    if (by > FAR_ENOUGH_PX) right?.run();
    if (by < -FAR_ENOUGH_PX) left?.run();
    from.current = undefined;
    setBy(0);
  };

  const action = by > 0 ? right : left;
  return (
    <div
      className={classes.swipe}
      onTouchStart={begin}
      onTouchMove={move}
      onTouchEnd={end}
      onTouchCancel={() => setBy(0)}
    >
      {by !== 0 && (
        <span
          className={classes.behind}
          data-side={by > 0 ? "right" : "left"}
          data-ready={farEnough(by) || undefined}
          aria-hidden
        >
          {action?.label}
        </span>
      )}
      <div style={by === 0 ? undefined : { transform: `translateX(${by}px)` }}>
        {children}
      </div>
    </div>
  );
}
