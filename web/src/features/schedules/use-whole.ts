import { useQuery } from "@tanstack/react-query";
import { wholeOf } from "./hand-over";
import type { Block } from "./lanes";
import { shiftsQuery } from "./queries";
import type { Window } from "./window";

const AROUND_MS = 60 * 24 * 3_600_000;

/** A shift with what of it is outside the window; nothing until that is known. */
export function useWhole(
  scheduleId: string,
  block: Block | undefined,
  window: Window,
): Block | undefined {
  const { start, end } = window;
  const cut = block?.user && (block.start <= start || block.end >= end);
  const query = useQuery({
    ...shiftsQuery(scheduleId, start - AROUND_MS, end + AROUND_MS),
    enabled: cut === true,
  });
  if (!cut) return block;
  return query.isPending ? undefined : wholeOf(block, query.data ?? []);
}
