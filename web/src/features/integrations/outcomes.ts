const WORDS: Readonly<Record<string, string>> = {
  opened: "opened an alert",
  duplicate: "counted as a duplicate",
  acknowledged: "acknowledged",
  resolved: "resolved",
  stale: "late copy, ignored",
  unmatched: "nothing was open",
  suppressed: "suppressed",
  change: "noted as a change",
};

/** What became of the events of a request: "opened an alert, 2 × resolved". */
export function outcomes(each: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of each)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => {
    const word = WORDS[outcome] ?? outcome;
    return count === 1 ? word : `${count} × ${word}`;
  });
  return words.join(", ") || "no event in it";
}

/** JSON indented, anything else as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** "312 B", "4.2 KiB" */
export function bytes(size: number): string {
  return size < 1024 ? `${size} B` : `${(size / 1024).toFixed(1)} KiB`;
}
