import { useHotkeys } from "@mantine/hooks";
import type { RefObject } from "react";

const ROW = "a[data-row]";

function rowsOf(list: RefObject<HTMLElement | null>): HTMLElement[] {
  return [...(list.current?.querySelectorAll<HTMLElement>(ROW) ?? [])];
}

/** The id of the row that has the focus. */
export function focusedRow(
  list: RefObject<HTMLElement | null>,
): string | undefined {
  const row = document.activeElement?.closest("li")?.querySelector(ROW);
  return list.current?.contains(row ?? null)
    ? (row?.getAttribute("data-row") ?? undefined)
    : undefined;
}

/** j and k move the focus; other keys act on the row that has it. Enter opens it: it is a link. */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  keys: Readonly<Record<string, (id: string) => void>>,
) {
  const move = (by: 1 | -1) => {
    const rows = rowsOf(list);
    const id = focusedRow(list);
    const at = rows.findIndex((row) => row.dataset.row === id);
    const next = at === -1 ? (by === 1 ? 0 : -1) : at + by;
    const row = rows.at(Math.min(next, rows.length - 1));
    if (next >= -1) row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => focusedRow(list) !== rowsOf(list)[0]?.dataset.row && move(-1)],
    ...Object.entries(keys).map(([key, act]): [string, () => void] => [
      key,
      () => {
        const id = focusedRow(list);
        if (id) act(id);
      },
    ]),
  ]);
}
