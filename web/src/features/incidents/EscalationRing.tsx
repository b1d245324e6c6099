import type { IncidentOut as Incident } from "../../api/generated";
import { Hint } from "../../ui/Hint";
import { useNow } from "../../ui/now";
import { countdown } from "../../ui/time";
import classes from "./IncidentList.module.css";

const RADIUS = 7;
const AROUND = 2 * Math.PI * RADIUS;
// a longer wait starts with a full ring
const LONGEST_MS = 15 * 60_000;

/** A ring that empties until the next person is paged. */
export function EscalationRing({
  incident,
}: {
  incident: Pick<Incident, "status" | "opened_at" | "next_escalation_at">;
}) {
  const { status, opened_at, next_escalation_at: next } = incident;
  if (status !== "triggered" || !next) return null;
  return <Ring from={opened_at} next={next} />;
}

function Ring({ from, next }: { from: string; next: string }) {
  const now = useNow();
  const left = Date.parse(next) - now;
  const whole = Math.min(Date.parse(next) - Date.parse(from), LONGEST_MS);
  const part = Math.min(1, Math.max(0, left / Math.max(whole, 1)));
  const time = left > 0 ? countdown(next, now) : "now";
  const says = left > 0 ? `Escalates in ${time}` : "Escalates now";
  return (
    <Hint label={says} className={classes.counting}>
      <svg
        width={18}
        height={18}
        viewBox="0 0 18 18"
        role="img"
        aria-label={says}
      >
        <circle cx={9} cy={9} r={RADIUS} className={classes.track} />
        <circle
          cx={9}
          cy={9}
          r={RADIUS}
          className={classes.left}
          strokeDasharray={`${part * AROUND} ${AROUND}`}
          transform="rotate(-90 9 9)"
        />
      </svg>
      <span aria-hidden>{time}</span>
    </Hint>
  );
}
