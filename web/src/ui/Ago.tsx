import { Tooltip } from "@mantine/core";
import { useNow } from "./now";
import { clockTime, countdown, exact, relative } from "./time";

/** "4 min ago", counting; the exact local time and zone on hover or tap. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return <Instant at={at}>{relative(at, now)}</Instant>;
}

/** "3:07", counting down. */
export function Countdown({ at }: { at: string }) {
  const now = useNow();
  return <Instant at={at}>{countdown(at, now)}</Instant>;
}

/** "14:05", "Fri 14:05" or "12 Sep 14:05". */
export function At({ at }: { at: string }) {
  const now = useNow(60);
  return <Instant at={at}>{clockTime(at, now)}</Instant>;
}

function Instant({ at, children }: { at: string; children: string }) {
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {children}
      </time>
    </Tooltip>
  );
}
