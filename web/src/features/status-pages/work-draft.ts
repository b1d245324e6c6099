import type {
  PlannedMaintenance,
  PlannedMaintenanceChanges,
  PlannedMaintenanceIn,
} from "../../api/generated";
import { HERE, instantOf, wallOf, weekday } from "../../ui/wall";

/** When planned work comes again. */
export const REPEATS = ["", "week", "weeks", "month", "rule"] as const;
export type Repeat = (typeof REPEATS)[number];

/** Planned work as it is being edited. */
export interface WorkDraft {
  name: string;
  body: string;
  /** as a field for date and time has it, in `zone` */
  from: string;
  until: string;
  zone: string;
  component_ids: string[];
  automatic: boolean;
  /** before it begins; null: no reminder */
  remind_s: number | null;
  repeat: Repeat;
  /** RFC 5545, if it is none of the usual */
  rrule: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const NAMES = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const ORDINALS = ["first", "second", "third", "fourth", "fifth"] as const;

/** An instant as a field for date and time has it. */
export function typedOf(at: string, zone = HERE): string {
  const { date, time } = wallOf(Date.parse(at), zone);
  return `${date}T${time}`;
}

function instant(typed: string, zone: string): number {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(typed) ?? [];
  return date && time ? instantOf({ date, time }, zone) : Number.NaN;
}

/** Tomorrow night, for two hours. */
export function newWork(now: number): WorkDraft {
  const { date } = wallOf(now + DAY_MS, HERE);
  const from = instantOf({ date, time: "22:00" }, HERE);
  return {
    name: "",
    body: "",
    from: `${date}T22:00`,
    until: typedOf(new Date(from + 2 * HOUR_MS).toISOString()),
    zone: HERE,
    component_ids: [],
    automatic: true,
    remind_s: null,
    repeat: "",
    rrule: "",
  };
}

export function draftOfWork(kept: PlannedMaintenance): WorkDraft {
  return {
    name: kept.name,
    body: kept.body,
    from: typedOf(kept.scheduled_for),
    until: typedOf(kept.scheduled_until),
    zone: HERE,
    component_ids: kept.components.map(({ id }) => id),
    automatic: kept.automatic,
    remind_s: kept.remind_s,
    repeat: "",
    rrule: "",
  };
}

/** The day of the week, and the how many-th of its month it is. */
function dayOf(typed: string) {
  const [date = ""] = typed.split("T");
  const on = /^\d{4}-\d\d-\d\d$/.test(date) ? weekday(date) : 0;
  const nth = Math.ceil(Number(date.slice(-2)) / WEEK_DAYS) || 1;
  return { on, nth };
}

/** The rule of a series, by the day on which it comes first. */
export function rruleOf({ repeat, rrule, from }: WorkDraft): string | null {
  const { on, nth } = dayOf(from);
  if (repeat === "week") return `FREQ=WEEKLY;BYDAY=${DAYS[on]}`;
  if (repeat === "weeks") return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${DAYS[on]}`;
  // not every month has a fifth one, but each has a last one
  if (repeat === "month")
    return `FREQ=MONTHLY;BYDAY=${nth > 4 ? -1 : nth}${DAYS[on]}`;
  return repeat === "rule" ? rrule.trim() : null;
}

/** "Every week, on Tuesdays": what can be chosen, by the day on which it comes first. */
export function repeatChoices(
  from: string,
): { value: Repeat; label: string }[] {
  const { on, nth } = dayOf(from);
  const which = nth > 4 ? "last" : ORDINALS[nth - 1];
  return [
    { value: "", label: "Only once" },
    { value: "week", label: `Every week, on ${NAMES[on]}s` },
    { value: "weeks", label: `Every second week, on ${NAMES[on]}s` },
    { value: "month", label: `Every month, on the ${which} ${NAMES[on]}` },
    { value: "rule", label: "By another rule" },
  ];
}

export function isRepeat(text: string | null): text is Repeat {
  return REPEATS.some((one) => one === text);
}

const RULE =
  /^FREQ=(WEEKLY|MONTHLY)(?:;INTERVAL=(\d+))?;BYDAY=(-?\d)?(MO|TU|WE|TH|FR|SA|SU)$/;

/** "every month, on the second Tuesday"; what is none of the usual stays as it is. */
export function rruleInWords(rrule: string): string {
  const [whole, often, every = "1", nth = "", day = ""] =
    RULE.exec(rrule) ?? [];
  if (!whole) return `by the rule ${rrule}`;
  const name = NAMES[DAYS.indexOf(day as (typeof DAYS)[number])];
  const unit = often === "WEEKLY" ? "week" : "month";
  const each = every === "1" ? `every ${unit}` : `every ${every} ${unit}s`;
  if (unit === "week") return `${each}, on ${name}s`;
  const which = nth === "-1" ? "last" : ORDINALS[Number(nth) - 1];
  return which ? `${each}, on the ${which} ${name}` : `by the rule ${rrule}`;
}

/** What is to be announced. */
export function workOf(draft: WorkDraft): PlannedMaintenanceIn {
  return {
    ...changesOf(draft),
    name: draft.name.trim(),
    scheduled_for: at(draft.from, draft.zone),
    scheduled_until: at(draft.until, draft.zone),
    rrule: rruleOf(draft),
    time_zone: draft.zone,
  };
}

/** What changes about one time that is announced already. */
export function changesOf(draft: WorkDraft) {
  return {
    name: draft.name.trim(),
    body: draft.body.trim(),
    scheduled_for: at(draft.from, draft.zone),
    scheduled_until: at(draft.until, draft.zone),
    component_ids: draft.component_ids,
    automatic: draft.automatic,
    remind_s: draft.remind_s,
  } satisfies PlannedMaintenanceChanges;
}

function at(typed: string, zone: string): string {
  return new Date(instant(typed, zone)).toISOString();
}

const LONGEST_MS = 31 * DAY_MS;

/** What is missing or wrong, by field. */
export function problemsOfWork(draft: WorkDraft): Record<string, string> {
  const from = instant(draft.from, draft.zone);
  const until = instant(draft.until, draft.zone);
  const found: [string, string | false][] = [
    ["name", !draft.name.trim() && "Say what is done, in words for outside"],
    ["from", !Number.isFinite(from) && "Say when it begins"],
    [
      "until",
      (!Number.isFinite(until) && "Say when it ends") ||
        (until <= from && "It ends before it begins") ||
        (until - from > LONGEST_MS && "At most 31 days"),
    ],
    [
      "rrule",
      draft.repeat === "rule" &&
        !draft.rrule.trim() &&
        "Say when it comes again: FREQ=MONTHLY;BYMONTHDAY=15",
    ],
  ];
  return Object.fromEntries(
    found.flatMap(([path, text]) => (text ? [[path, text]] : [])),
  );
}
