import { useHint } from "./Hint";
import { useNow, useTimed } from "./now";
import { clockTime, countdown, exact, relative } from "./time";

/** "4 min ago", counting; the exact local time and zone on hover or tap. */
export function Ago({ at }: { at: string }) {
  const words = useTimed((now) => relative(at, now));
  return <Instant at={at} words={words} />;
}

/** "3:07", counting down. */
export function Countdown({ at }: { at: string }) {
  const words = useTimed((now) => countdown(at, now));
  return <Instant at={at} words={words} />;
}

/** "14:05", "Fri 14:05" or "12 Sep 14:05". */
export function At({ at }: { at: string }) {
  const now = useNow(60);
  return <Instant at={at} words={clockTime(at, now)} />;
}

function Instant({ at, words }: { at: string; words: string }) {
  const { events, hint } = useHint(exact(at));
  return (
    <time dateTime={at} style={{ whiteSpace: "nowrap" }} {...events}>
      {words}
      {hint}
    </time>
  );
}
