import { ApiError } from "../api/errors";
import type { Action, Unsent } from "./actions";
import { isNoAnswer } from "./ask";
import { keep } from "./queue";
import { askToSync, hasUnsent } from "./unsent";

/** What came of an action: the server's answer, or that it waits. */
export type Sent<Answer> = { answer: Answer } | { waits: Unsent };

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
  const at = new Date().toISOString();
  if (hasUnsent()) return wait(action, userId, at);
  try {
    return { answer: await send() };
  } catch (error) {
    if (!(error instanceof ApiError) || !isNoAnswer(error.status)) throw error;
    return await wait(action, userId, at).catch(() => {
      throw error; // nowhere to keep it
    });
  }
}

async function wait(action: Action, userId: string, at: string) {
  const waits = await keep(action, userId, at);
  void askToSync();
  return { waits };
}
