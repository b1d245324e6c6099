import type { CanaryRun } from "../../api/generated";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** "482 MiB" */
export function size(bytes: number): string {
  let [left, unit] = [bytes, 0];
  while (left >= 1024 && unit < UNITS.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${left < 10 && unit > 0 ? left.toFixed(1) : Math.round(left)} ${UNITS[unit]}`;
}

/** "0.4 s", "12 s" */
export function seconds(of: number): string {
  return of < 10 ? `${of.toFixed(1)} s` : `${Math.round(of)} s`;
}

/** "97 %", never rounded up to all. */
export function share(part: number, of: number): string {
  return of === 0 ? "–" : `${Math.floor((part / of) * 100)} %`;
}

const WORK: Readonly<Record<string, string>> = {
  escalations: "Escalations",
  notifications: "Notifications",
  alerts: "Alerts that are held back",
  receipts: "Receipts of providers",
};

/** What waits, in words; what is not known here reads the timeline. */
export function workName(what: string): string {
  return WORK[what] ?? `Reader of events: ${what.replaceAll("_", " ")}`;
}

/** "60 flights in the last hour, all came back" */
export function flights(runs: readonly CanaryRun[]): string {
  const failed = runs.filter(({ why }) => why !== null).length;
  const count = runs.length === 1 ? "1 flight" : `${runs.length} flights`;
  return failed === 0
    ? `${count}, all came back`
    : `${count}, ${failed} failed`;
}
