/** A time of the week as it is edited; an end that is not after the start is on the next day. */
export interface WeekHours {
  key: string;
  /** 0 is Monday; strings, as chips have them */
  weekdays: string[];
  start: string;
  end: string;
}

/** The same as the server has it. */
interface Window {
  weekdays: number[];
  start: string;
  end: string;
}

export const ALL_DAYS = ["0", "1", "2", "3", "4", "5", "6"];
export const WORKDAYS = ALL_DAYS.slice(0, 5);
let keys = 0;

/** A name for a row of a form that has no id yet. */
export function newKey(): string {
  keys += 1;
  return `new ${keys}`;
}

/** 9 to 17 on some days. */
export function newHours(weekdays = ALL_DAYS): WeekHours {
  return { key: newKey(), weekdays, start: "09:00", end: "17:00" };
}

export function hoursOf(windows: readonly Window[]): WeekHours[] {
  return windows.map(({ weekdays, start, end }) => ({
    key: newKey(),
    weekdays: weekdays.map(String),
    start: start.slice(0, 5),
    end: end.slice(0, 5),
  }));
}

export function windowsOf(hours: readonly WeekHours[]): Window[] {
  return hours.map(({ weekdays, start, end }) => ({
    weekdays: weekdays.map(Number).sort(),
    start,
    end,
  }));
}

/** What is missing, or none. */
export function hoursProblem({ weekdays, start, end }: WeekHours) {
  if (weekdays.length === 0) return "Choose a day";
  return start && end ? undefined : "Choose both times";
}

/** "Mon–Fri, 09:00 to 17:00" */
export function windowInWords({ weekdays, start, end }: Window): string {
  return `${daysInWords(weekdays)}, ${start.slice(0, 5)} to ${end.slice(0, 5)}`;
}

const DAYS_OF_WEEK = 7;

/** "Mon–Fri", "Sat, Sun", "every day"; 0 is Monday. */
export function daysInWords(weekdays: readonly number[]): string {
  if (weekdays.length === DAYS_OF_WEEK) return "every day";
  // 1 January 2024 was a Monday
  const name = (day: number) =>
    new Date(Date.UTC(2024, 0, 1 + day)).toLocaleDateString(undefined, {
      weekday: "short",
      timeZone: "UTC",
    });
  const runs: number[][] = [];
  for (const day of weekdays.toSorted()) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => {
      const [first = 0, last = first] = [run[0], run.at(-1)];
      return run.length > 2 ? [`${name(first)}–${name(last)}`] : run.map(name);
    })
    .join(", ");
}
