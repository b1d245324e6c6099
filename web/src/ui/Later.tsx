import { type ReactNode, useDeferredValue } from "react";

interface Props {
  /** it comes with everything else: the page is as long at once as it was, and scrolls to where it was */
  atOnce?: boolean;
  children: ReactNode;
}

/**
 * What is large comes in a render of its own, which gives way to whoever touches the
 * screen meanwhile: a phone needs a third of a second for a page, and none of it is felt.
 */
export function Later({ atOnce = false, children }: Props) {
  const due = useDeferredValue(true, atOnce);
  return due && children;
}
