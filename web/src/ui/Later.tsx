import { type ReactNode, useDeferredValue } from "react";

interface Props {
  children: ReactNode;
}

/**
 * What is large comes in a render of its own, which gives way to whoever touches the
 * screen meanwhile: a phone needs a third of a second for a page, and none of it is felt.
 */
export function Later({ children }: Props) {
  const due = useDeferredValue(true, false);
  return due && children;
}
