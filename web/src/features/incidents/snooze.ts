interface Choice {
  label: string;
  until: string;
}

const MORNING_HOUR = 9;
const MINUTE_MS = 60_000;

/** For how long one usually wants quiet. */
export function snoozeChoices(now: Date): Choice[] {
  const later = (minutes: number) =>
    new Date(now.getTime() + minutes * MINUTE_MS).toISOString();
  const morning = new Date(now);
  if (now.getHours() >= MORNING_HOUR) morning.setDate(now.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  const day = morning.getDate() === now.getDate() ? "today" : "tomorrow";
  return [
    { label: "For 30 minutes", until: later(30) },
    { label: "For an hour", until: later(60) },
    { label: "For 4 hours", until: later(240) },
    { label: `Until 9:00 ${day}`, until: morning.toISOString() },
  ];
}
