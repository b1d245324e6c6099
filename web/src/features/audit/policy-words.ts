import { exactly } from "../../ui/spans";
import { listed } from "../../ui/story";
import { windowInWords } from "../../ui/week";

/** What an entry calls a target of a policy; its name is looked up, as it is now. */
export interface NamedTarget {
  kind: string;
  id: string;
}

type Columns = Record<string, unknown>;

function isColumns(value: unknown): value is Columns {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rows(value: unknown): Columns[] {
  return Array.isArray(value) ? value.filter(isColumns) : [];
}

/** All that policies of an entry page, nothing twice. */
export function targetsIn(
  ...policies: readonly (Columns | null)[]
): NamedTarget[] {
  const all = policies
    .flatMap((policy) => rows(policy?.steps))
    .flatMap((step) => rows(step.targets))
    .map(({ kind, id }) => ({ kind: String(kind), id: String(id) }));
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

/** "PT1H30M" in seconds; none where it is not written so. */
export function secondsOf(written: unknown): number | undefined {
  const found =
    typeof written === "string" &&
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(
      written,
    );
  if (!found) return undefined;
  const [days, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 +
    (seconds ?? 0)
  );
}

function lasting(written: unknown): string {
  const seconds = secondsOf(written);
  return seconds === undefined ? String(written) : exactly(seconds);
}

function hoursIn(hours: unknown): string {
  if (!isColumns(hours)) return "";
  const windows = rows(hours.windows).map(({ weekdays, start, end }) =>
    windowInWords({
      weekdays: Array.isArray(weekdays) ? weekdays.map(Number) : [],
      start: String(start),
      end: String(end),
    }),
  );
  return `${windows.join("; ")} (${String(hours.time_zone)})`;
}

function targetIn(target: Columns, names: ReadonlyMap<string, string>): string {
  const kind = String(target.kind);
  const name = names.get(String(target.id));
  if (!name)
    return `a ${kind === "user" ? "person" : kind} without a name here`;
  if (kind === "team") return `the ${name} team`;
  if (kind === "room") return `the room ${name}`;
  if (kind !== "schedule") return name;
  if (target.which === "next") return `whoever is next on call for ${name}`;
  return target.which === "all"
    ? `everybody on call in the layers of ${name}`
    : `whoever is on call for ${name}`;
}

function stepIn(step: Columns, names: ReadonlyMap<string, string>): string {
  const who = listed(
    rows(step.targets).map((target) => targetIn(target, names)),
  );
  const wanted = Number(step.acknowledgements ?? 1);
  const only = isColumns(step.only_hours) ? step.only_hours : undefined;
  const conditions = [
    step.only_urgency &&
      `only if ${step.only_urgency === "high" ? "urgent" : "not urgent"}`,
    only &&
      `only ${only.inside === false ? "outside of" : "in"} ${hoursIn(only.hours)}`,
    step.wait_for && `waits for ${hoursIn(step.wait_for)}`,
    wanted > 1 && `until ${wanted} have acknowledged`,
  ].filter(Boolean);
  const turn = step.round_robin ? "one in turn of " : "";
  const but = conditions.length > 0 ? ` (${conditions.join(", ")})` : "";
  return `page ${turn}${who || "nobody"}${but}, wait ${lasting(step.timeout)}`;
}

/** One column of a policy in words; nothing where it reads well as it is. */
export function policyColumn(
  column: string,
  value: unknown,
  names: ReadonlyMap<string, string>,
): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (column === "steps")
    return rows(value)
      .map((step, at) => `${at + 1}. ${stepIn(step, names)}`)
      .join("\n");
  if (column === "low_urgency_hours") return `only ${hoursIn(value)}`;
  if (column === "ack_timeout") return lasting(value);
  return column === "repeats" ? `${String(value)} times` : undefined;
}
