import {
  type Action,
  freshOf,
  requestOf,
  type Unsent,
  whyNot,
} from "./actions";
import { type Ask, detailOf, isNoAnswer, textOf } from "./ask";
import { database } from "./database";

/** What became of an action that was sent late. */
export interface Outcome {
  action: Unsent;
  /** why it was not done; none: it was */
  refused?: string;
}

const CHANGES = "pagefree unsent actions";
const LOCK = "pagefree sends actions";
const SIGNED_OUT = 401;
const TOO_MANY = 429;

const channel = new BroadcastChannel(CHANGES);
const listeners = new Set<() => void>();
channel.onmessage = tell;

function tell() {
  for (const listener of listeners) listener();
}

function changed() {
  channel.postMessage(null);
  tell();
}

/** Calls `listener` when the queue changed, here or in another tab. */
export function onQueueChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keep an action until it can be sent, after those that were kept before. */
export async function keep(
  action: Action,
  userId: string,
  at: string,
): Promise<Unsent> {
  const taken = { ...action, userId, at };
  const id = await (await database()).add("unsent", taken);
  changed();
  return { ...taken, id };
}

/** What one person did that has not been sent, oldest first. */
export async function unsentOf(userId: string): Promise<Unsent[]> {
  const { store } = (await database()).transaction("unsent");
  const [ids, all] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return all
    .map((taken, index) => ({ ...taken, id: ids[index] ?? 0 }))
    .filter((each) => each.userId === userId);
}

/** Forget one; false: it has been sent already. */
export async function takeBack(id: number): Promise<boolean> {
  const db = await database();
  const known = (await db.getKey("unsent", id)) !== undefined;
  await db.delete("unsent", id);
  changed();
  return known;
}

/**
 * Send what waits, in order, until one gets no answer; returns what became of the others.
 *
 * One place at a time does so: two tabs and the service worker may all notice at once.
 */
export async function replay(ask: Ask, now: number): Promise<Outcome[]> {
  const db = await database();
  if ((await db.count("unsent")) === 0) return [];
  return alone(async () => {
    const outcomes: Outcome[] = [];
    const me = await ask("GET", "/v1/me");
    if (me.status !== 200) return outcomes;
    for (const action of await unsentOf(textOf(me.json, "id"))) {
      const outcome = await sendLate(ask, action, now);
      if (!outcome) break; // its turn comes again, before that of the next
      await db.delete("unsent", action.id);
      outcomes.push(outcome);
      changed();
    }
    return outcomes;
  });
}

/** Sends one; nothing when it has to wait. */
async function sendLate(
  ask: Ask,
  action: Unsent,
  now: number,
): Promise<Outcome | undefined> {
  const incident = await ask("GET", `/v1/incidents/${action.incident.id}`);
  if (mustWait(incident.status)) return undefined;
  const fresh = freshOf(incident.json);
  const refused = fresh
    ? whyNot(action, fresh, now)
    : detailOf(incident.json, incident.status);
  if (refused) return { action, refused };
  const { method, path, body, key } = requestOf(action);
  const answer = await ask(method, path, body, key);
  if (mustWait(answer.status)) return undefined;
  return answer.status < 300
    ? { action }
    : { action, refused: detailOf(answer.json, answer.status) };
}

/** Whether the same is to be asked again later: nobody has looked at it. */
function mustWait(status: number): boolean {
  return isNoAnswer(status) || status === SIGNED_OUT || status === TOO_MANY;
}

/** Locks exist only where service workers do: on pages that came by HTTPS. */
function alone<T>(act: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(LOCK, act) : act();
}
