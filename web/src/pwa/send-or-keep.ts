import { ApiError } from "../api/errors";
import type { Action, Unsent } from "./actions";
import { isNoAnswer } from "./ask";
import { keep } from "./queue";
import { askToSync, hasUnsent } from "./unsent";

/** What came of actions: the server's answer, or that they wait. */
export type Sent<Answer, Kept = Unsent> = { answer: Answer } | { waits: Kept };

/**
 * Ask the server, or keep the action until it answers.
 *
 * What is done while something waits goes behind it: order matters.
 */
export async function sendOrKeep<Answer>(
  send: () => Promise<Answer>,
  action: Action,
  userId: string,
): Promise<Sent<Answer>> {
  const sent = await sendOrKeepAll(send, [action], userId);
  if ("answer" in sent) return sent;
  const [waits] = sent.waits;
  if (!waits) throw new Error("nothing was kept");
  return { waits };
}

/**
 * The same for what one request does to many: kept, each is sent by itself.
 *
 * Then a conflict over one of them says so, and holds up none of the others.
 */
export async function sendOrKeepAll<Answer>(
  send: () => Promise<Answer>,
  actions: Action[],
  userId: string,
): Promise<Sent<Answer, Unsent[]>> {
  const at = new Date().toISOString();
  if (hasUnsent()) return wait(actions, userId, at);
  try {
    return { answer: await send() };
  } catch (error) {
    if (!(error instanceof ApiError) || !isNoAnswer(error.status)) throw error;
    return await wait(actions, userId, at).catch(() => {
      throw error; // nowhere to keep it
    });
  }
}

async function wait(actions: Action[], userId: string, at: string) {
  const waits: Unsent[] = [];
  for (const action of actions) waits.push(await keep(action, userId, at));
  void askToSync();
  return { waits };
}
