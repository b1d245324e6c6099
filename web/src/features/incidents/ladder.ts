import type {
  IncidentDetail,
  Notification,
  Recipient,
} from "../../api/generated";

type Escalation = NonNullable<IncidentDetail["escalation"]>;

/** People who were told for one reason at one moment. */
export interface PastRung {
  cause: string;
  at: string;
  people: (Recipient & { notifications: Notification[] })[];
}

/** What happened, oldest first: one rung for each time that somebody was told. */
export function pastRungs(notifications: readonly Notification[]): PastRung[] {
  const rungs = new Map<string, PastRung>();
  const oldestFirst = [...notifications].sort((a, b) =>
    a.created_at.localeCompare(b.created_at),
  );
  for (const notification of oldestFirst) {
    const { cause, created_at: at, user } = notification;
    const key = `${at} ${cause}`;
    const rung = rungs.get(key) ?? { cause, at, people: [] };
    rungs.set(key, rung);
    const person = rung.people.find(({ id }) => id === user.id);
    if (person) person.notifications.push(notification);
    else rung.people.push({ ...user, notifications: [notification] });
  }
  return [...rungs.values()];
}

/** How many rounds of all steps there are, and which one is running: "round 2 of 3". */
export function roundOf(escalation: Escalation): string | null {
  const { steps, steps_done, rounds: total } = escalation;
  const rounds = total / Math.max(1, steps.length);
  if (rounds <= 1) return null;
  const round = Math.min(rounds, Math.floor(steps_done / steps.length) + 1);
  return `round ${round} of ${rounds}`;
}
