import {
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

/** So many rows are simply all there: the browser's own search finds them. */
export const ALL_THERE = 100;

const AROUND = 14; // rows above and below what is seen
const STEP = 4; // rows by which the window moves
const USUAL_PX = { desktop: 39, phone: 68.5 };
const DESKTOP = "(min-width: 48em)";

// what rows were last time: a list that comes back is as long as it was, and so scrolls to where it was
let lastHeight: number | undefined;

function usualHeight(): number {
  return matchMedia(DESKTOP).matches ? USUAL_PX.desktop : USUAL_PX.phone;
}

interface Row {
  id: string;
}

interface Window {
  first: number;
  /** not of it any more */
  end: number;
}

function windowOf(list: HTMLElement, rowPx: number): Window {
  const above = -list.getBoundingClientRect().top / rowPx;
  const seen = window.innerHeight / rowPx;
  const down = (at: number) => Math.floor(at / STEP) * STEP;
  return {
    first: Math.max(0, down(above - AROUND)),
    end: Math.max(0, down(above + seen + AROUND) + STEP),
  };
}

/**
 * Which of many rows to draw: those that are seen, and some around them.
 *
 * All rows are equally high, as the style sheet makes them. Rows that come or go above
 * what is seen move nothing on the screen.
 */
export function useWindow<T extends Row>(
  list: RefObject<HTMLElement | null>,
  rows: readonly T[],
) {
  const active = rows.length > ALL_THERE;
  const [rowPx, setRowPx] = useState(() => lastHeight ?? usualHeight());
  const [shown, setShown] = useState<Window>({ first: 0, end: ALL_THERE / 2 });

  const look = useCallback(() => {
    if (!list.current) return;
    const next = windowOf(list.current, rowPx);
    setShown((now) =>
      now.first === next.first && now.end === next.end ? now : next,
    );
  }, [list, rowPx]);

  useLayoutEffect(() => {
    if (!active) return;
    const measure = () => {
      const row = list.current?.querySelector<HTMLElement>("li");
      // a row in the middle has its line above
      const height = row?.nextElementSibling?.getBoundingClientRect().height;
      if (height) {
        lastHeight = height;
        setRowPx(height);
      }
      look();
    };
    measure();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", measure);
    };
  }, [active, list, look]);

  useStandStill(list, active ? rows : NONE, rowPx);
  return active
    ? { rowPx, first: shown.first, end: Math.min(shown.end, rows.length) }
    : { rowPx: undefined, first: 0, end: rows.length };
}

const NONE: readonly Row[] = [];

/** Scrolls along with what is read when rows above it have come or gone. */
function useStandStill(
  list: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  rowPx: number,
) {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const top = list.current?.getBoundingClientRect().top ?? 0;
    const at = Math.floor(-top / rowPx);
    if (at <= 0 || old === rows || old.length === 0 || rows.length === 0)
      return;
    if (old[at]?.id === rows[at]?.id) return;
    const places = new Map(rows.map(({ id }, place) => [id, place]));
    for (let place = at; place < old.length; place++) {
      const now = places.get(old[place]?.id ?? "");
      if (now === undefined) continue;
      if (now !== place) window.scrollBy({ top: (now - place) * rowPx });
      return;
    }
  }, [list, rows, rowPx]);
}
