import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { announce } from "../ui/live-region";
import { setWaiting } from "../ui/title";
import { drawFavicon } from "./favicon";
import { countsQuery, newestQuery } from "./queries";

/** How many incidents nobody has acknowledged; also told by the tab and to screen readers. */
export function useWaiting(): number {
  const triggered = useQuery(countsQuery).data?.triggered ?? 0;
  useEffect(() => {
    setWaiting(triggered);
    drawFavicon(triggered);
  }, [triggered]);

  const newest = useQuery(newestQuery).data?.items;
  const seen = useRef<number>(undefined);
  useEffect(() => {
    if (!newest) return;
    const last = seen.current;
    const fresh = newest.filter(
      (each) => last !== undefined && each.number > last,
    );
    seen.current = Math.max(last ?? 0, ...newest.map((each) => each.number));
    const first = fresh[0];
    if (!first) return;
    const more = fresh.length > 1 ? ` and ${fresh.length - 1} more` : "";
    announce(`New incident ${first.number}: ${first.title}${more}`);
  }, [newest]);

  return triggered;
}
