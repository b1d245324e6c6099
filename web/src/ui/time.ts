const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "4 min", "2 h 10 min", "3 d 4 h": two units at most, none smaller than helps. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const hours = `${Math.floor(whole / HOUR)} h`;
    return minutes === 0 || whole >= 10 * HOUR
      ? hours
      : `${hours} ${minutes} min`;
  }
  const hours = Math.floor((whole % DAY) / HOUR);
  const days = `${Math.floor(whole / DAY)} d`;
  return hours === 0 || whole >= 7 * DAY ? days : `${days} ${hours} h`;
}

/** "4 min ago", "in 2 h"; "now" within five seconds. */
export function relative(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (Math.abs(seconds) < 5) return "now";
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

/** "3:07" or "1:02:09" until `at`; "0:00" once it is past. */
export function countdown(at: string, now: number): string {
  const left = Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
  const seconds = String(left % MINUTE).padStart(2, "0");
  const minutes = Math.floor(left / MINUTE) % 60;
  const hours = Math.floor(left / HOUR);
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`
    : `${minutes}:${seconds}`;
}

// made once: a list of fifty rows would make fifty
const EXACT = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

/** The whole instant with its zone, for hovering. */
export function exact(at: string): string {
  return EXACT.format(new Date(at));
}

/** "14:05" today, "Fri 14:05" within a week, else "12 Sep 14:05". */
export function clockTime(at: string, now: number): string {
  const date = new Date(at);
  const time: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
  };
  if (date.toDateString() === new Date(now).toDateString()) {
    return date.toLocaleTimeString(undefined, time);
  }
  const near = Math.abs(date.getTime() - now) < 6 * DAY * 1000;
  return date.toLocaleString(
    undefined,
    near
      ? { weekday: "short", ...time }
      : { day: "numeric", month: "short", ...time },
  );
}
