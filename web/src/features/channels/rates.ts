/** "98.5 %"; never rounded up to all, never down to none. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0) return "–";
  if (part === whole || part === 0) return `${part === 0 ? 0 : 100} %`;
  const percent = (100 * part) / whole;
  return `${Math.min(99.9, Math.max(0.1, percent)).toFixed(1)} %`;
}

/** "320 ms", "2.4 s" */
export function waitOf(seconds: number | null): string {
  if (seconds === null) return "–";
  return seconds < 1
    ? `${Math.round(seconds * 1000)} ms`
    : `${seconds.toFixed(1)} s`;
}

/** "7 segments, about 0.61": without a currency, as the price that was given has none. */
export function spentOn(segments: number, cost: number | null): string {
  const count = segments === 1 ? "1 segment" : `${segments} segments`;
  return cost === null ? count : `${count}, about ${cost.toFixed(2)}`;
}
