import { Tooltip } from "@mantine/core";
import {
  type ComponentProps,
  type FocusEvent,
  type PointerEvent,
  useRef,
  useState,
} from "react";

const AFTER_MS = 250;
const STAYS_MS = 3_000; // after a touch

/**
 * A tooltip for what there are many of: it comes into being when somebody points at it,
 * touches it or reaches it by keyboard, and costs nothing before.
 */
export function useHint(label: string) {
  const target = useRef<HTMLElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [wanted, setWanted] = useState(false);
  const show = () => {
    clearTimeout(timer.current);
    setWanted(true);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setWanted(false);
  };
  const events = {
    onPointerEnter: ({ currentTarget, pointerType }: PointerEvent) => {
      if (!(currentTarget instanceof HTMLElement)) return;
      target.current = currentTarget;
      clearTimeout(timer.current);
      if (pointerType === "touch") show();
      else timer.current = setTimeout(show, AFTER_MS);
    },
    onPointerLeave: ({ pointerType }: PointerEvent) => {
      if (pointerType === "touch") timer.current = setTimeout(hide, STAYS_MS);
      else hide();
    },
    onPointerCancel: hide,
    onFocus: ({ currentTarget }: FocusEvent) => {
      if (!(currentTarget instanceof HTMLElement)) return;
      target.current = currentTarget;
      show();
    },
    onBlur: hide,
  };
  return {
    events,
    hint: wanted && <Tooltip label={label} target={target} opened />,
  };
}

type Props = ComponentProps<"span"> & { label: string };

/** Something short with more to say about it. */
export function Hint({ label, children, ...props }: Props) {
  const { events, hint } = useHint(label);
  return (
    <span {...props} {...events}>
      {children}
      {hint}
    </span>
  );
}
