import type { MailedReportOut } from "../../api/generated";

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const LAST_DAY = 28;

type When = Pick<MailedReportOut, "rhythm" | "day" | "hour" | "time_zone">;

/** "every Monday at 09:00 (Europe/London)" */
export function rhythmWords({ rhythm, day, hour, time_zone }: When): string {
  const days =
    rhythm === "weekly"
      ? `every ${WEEKDAYS[day - 1] ?? "week"}`
      : `on day ${day} of every month`;
  return `${days} at ${hourWords(hour)} (${time_zone})`;
}

/** "09:00" */
export function hourWords(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** The days to choose from. */
export function daysOf(rhythm: When["rhythm"]) {
  if (rhythm === "weekly")
    return WEEKDAYS.map((label, at) => ({ value: String(at + 1), label }));
  return Array.from({ length: LAST_DAY }, (_, at) => ({
    value: String(at + 1),
    label: `Day ${at + 1}`,
  }));
}
