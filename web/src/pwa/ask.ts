/** Asks the server; the status is 0 when there is no answer. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
  /** under which the server does it once, however often it is asked */
  key?: string,
) => Promise<{ status: number; json: unknown }>;

const PATIENCE_MS = 10_000; // in a lift a request hangs rather than fails
const NO_ANSWER = 0;
// a proxy answers for a server that is not there, or the server is only starting
const NOBODY_THERE = new Set([NO_ANSWER, 502, 503, 504]);

/** Asks the server that this page, or this service worker, came from. */
export const askServer: Ask = async (method, path, body, key) => {
  try {
    const response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(key && { "Idempotency-Key": key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = await response.json().catch(() => undefined);
    return { status: response.status, json };
  } catch {
    return { status: NO_ANSWER, json: undefined };
  }
};

/** Whether an answer with this status says nothing about what was asked. */
export function isNoAnswer(status: number): boolean {
  return NOBODY_THERE.has(status);
}

/** What the server says is wrong. */
export function detailOf(problem: unknown, status: number): string {
  return textOf(problem, "detail") || `PageFree answered with HTTP ${status}`;
}

/** The text called `name` in what came from somewhere; empty if there is none. */
export function textOf(from: unknown, name: string): string {
  const value = fieldOf(from, name);
  return typeof value === "string" ? value : "";
}

/** What is called `name` in what came from somewhere. */
export function fieldOf(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null
    ? Reflect.get(from, name)
    : undefined;
}
