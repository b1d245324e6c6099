import { endSignIn } from "./api/generated";

let leaving = false;

/** Whoever signs out knows that the server does not know them any more. */
export function isLeaving(): boolean {
  return leaving;
}

/**
 * End the session and go where the server says; never resolves, as this page is over.
 *
 * What asks the server meanwhile is refused: it must not put the screen to sign in there,
 * which a moment later the fresh page would wipe away with all that was typed.
 */
export async function signOut(): Promise<never> {
  leaving = true;
  try {
    const { continue_at } = await endSignIn();
    // a fresh page: nothing of this person stays in memory
    window.location.assign(continue_at ?? "/sign-in");
  } catch (error) {
    leaving = false;
    throw error;
  }
  return new Promise(() => {});
}
