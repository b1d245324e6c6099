import { useHotkeys } from "@mantine/hooks";
import type { RefObject } from "react";

const ROW = "a[data-row]";

/** The id of the row that has the focus, or holds what has it. */
export function focusedRow(
  list: RefObject<HTMLElement | null>,
): string | undefined {
  const row = document.activeElement?.closest("li")?.querySelector(ROW);
  return list.current?.contains(row ?? null)
    ? (row?.getAttribute("data-row") ?? undefined)
    : undefined;
}

/** Gives a row that is drawn the focus, and shows it. */
export function focusRow(list: RefObject<HTMLElement | null>, id: string) {
  const rows = list.current?.querySelectorAll<HTMLElement>(ROW) ?? [];
  const row = [...rows].find(({ dataset }) => dataset.row === id);
  row?.focus({ preventScroll: true });
  row?.closest("li")?.scrollIntoView({ block: "nearest" });
}

interface Rows {
  ids: readonly string[];
  /** of the first row on the screen: where to begin */
  firstSeen: () => number;
  /** gives a row the focus, drawn or not */
  focus: (id: string) => void;
}

/** j and k move the focus; other keys act on the row that has it. Enter opens it: it is a link. */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  { ids, firstSeen, focus }: Rows,
  keys: Readonly<Record<string, (id: string) => void>>,
) {
  const move = (by: 1 | -1) => {
    const id = focusedRow(list);
    const at = id === undefined ? firstSeen() : ids.indexOf(id) + by;
    const next = ids[Math.min(at, ids.length - 1)];
    if (next !== undefined) focus(next);
  };
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ...Object.entries(keys).map(([key, act]): [string, () => void] => [
      key,
      () => {
        const id = focusedRow(list);
        if (id) act(id);
      },
    ]),
  ]);
}
