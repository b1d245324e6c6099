import { useEffect, useState } from "react";

interface Row {
  id: string;
}

const AT_TOP_PX = 60;

/** Would new rows move what somebody is reading or aiming at? */
function isReading(list: HTMLElement | null, selecting: boolean): boolean {
  return (
    selecting ||
    window.scrollY > AT_TOP_PX ||
    (list?.contains(document.activeElement) ?? false)
  );
}

/**
 * The rows to show, and how many new ones are held back above them.
 *
 * Rows that were already shown are updated in place. New ones at the top wait while
 * somebody is further down, has selected something or stands on a row with the keyboard.
 */
export function useHeldBack<T extends Row>(
  rows: readonly T[],
  list: { current: HTMLElement | null },
  selecting: boolean,
) {
  const [known, setKnown] = useState<ReadonlySet<string>>(
    () => new Set(rows.map(({ id }) => id)),
  );
  // only what is above the first known row is new; below it, it is the next page
  const first = rows.findIndex(({ id }) => known.has(id));
  const fresh = rows.slice(0, Math.max(0, first));
  const hold = fresh.length > 0 && isReading(list.current, selecting);
  const shown = hold ? rows.slice(fresh.length) : rows;

  useEffect(() => {
    if (!hold) setKnown(new Set(rows.map(({ id }) => id)));
  }, [hold, rows]);

  return {
    shown,
    held: hold ? fresh.length : 0,
    showAll: () => {
      setKnown(new Set(rows.map(({ id }) => id)));
      window.scrollTo({ top: 0 });
    },
  };
}
