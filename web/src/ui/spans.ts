export const UNIT_S = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
export type Unit = keyof typeof UNIT_S;
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  s: "seconds",
  min: "minutes",
  h: "hours",
  d: "days",
};

export function isUnit(text: string | null): text is Unit {
  return text !== null && text in UNIT_S;
}

/** 300 s are 5 min: the largest of `units` that leaves a whole number. */
export function inUnit(
  seconds: number,
  units: readonly Unit[],
): { amount: number; unit: Unit } {
  const unit =
    [...units].reverse().find((each) => seconds % UNIT_S[each] === 0) ?? "s";
  return { amount: seconds / UNIT_S[unit], unit };
}

/** "1 min 30 s", "2 d": nothing rounded away, because it is what will happen. */
export function exactly(seconds: number): string {
  const parts = [
    [Math.floor(seconds / UNIT_S.d), "d"],
    [Math.floor((seconds % UNIT_S.d) / UNIT_S.h), "h"],
    [Math.floor((seconds % UNIT_S.h) / UNIT_S.min), "min"],
    [seconds % UNIT_S.min, "s"],
  ] as const;
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount} ${unit}`)
      .join(" ") || "0 s"
  );
}
