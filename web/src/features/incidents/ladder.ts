import type { IncidentDetail, Notification } from "../../api/generated";

type Escalation = NonNullable<IncidentDetail["escalation"]>;
type Step = Escalation["steps"][number];

/** People who were told for one reason at one moment. */
export interface PastRung {
  cause: string;
  at: string;
  people: { id: string; name: string; notifications: Notification[] }[];
}

/** A step that has not run yet. */
export interface ComingRung {
  index: number;
  names: string[];
  timeout_s: number;
  /** when it runs, if nobody acknowledges; only known of the next one */
  due_at: string | null;
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

/** The steps of this round that are still to come, if the escalation is running. */
export function comingRungs(escalation: Escalation | null): ComingRung[] {
  if (escalation?.state !== "running") return [];
  const { steps, steps_done: done, rounds: total, due_at } = escalation;
  if (steps.length === 0) return [];
  const next = done % steps.length;
  const left = done >= total ? [] : steps.slice(next);
  return left.map((step, position) => ({
    index: step.index,
    names: step.targets.map(nameOf),
    timeout_s: step.timeout_s,
    due_at: position === 0 ? due_at : null,
  }));
}

/** How many rounds of all steps there are, and which one is running: "round 2 of 3". */
export function roundOf(escalation: Escalation): string | null {
  const { steps, steps_done, rounds: total } = escalation;
  const rounds = total / Math.max(1, steps.length);
  if (rounds <= 1) return null;
  const round = Math.min(rounds, Math.floor(steps_done / steps.length) + 1);
  return `round ${round} of ${rounds}`;
}

function nameOf({ kind, name }: Step["targets"][number]): string {
  if (name === null) return `a ${kind} that was deleted`;
  if (kind === "team") return `everybody in ${name}`;
  return kind === "schedule" ? `whoever is on call in ${name}` : name;
}
