const HOUR_MS = 3_600_000;
const HOURS = 24;

/** The last 24 hours, oldest first, with those in which nothing came. */
export function byHour(
  known: readonly { at: string; count: number }[],
  now: number,
): { at: number; count: number }[] {
  const counts = new Map(
    known.map(({ at, count }) => [Date.parse(at), count] as const),
  );
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: HOURS }, (_, position) => {
    const at = last - (HOURS - 1 - position) * HOUR_MS;
    return { at, count: counts.get(at) ?? 0 };
  });
}
