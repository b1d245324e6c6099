import type { MemberOut, Schedule, Shift, SwapIn } from "../../api/generated";
import type { Person } from "../../ui/PersonSelect";
import type { Block } from "./lanes";
import { instantTyped } from "./typed";
import type { Span } from "./use-draw";

const HOUR_MS = 3_600_000;

/** An offer as it is being typed. */
export interface Offer {
  /** an id; empty: nobody yet */
  to: string;
  /** 2026-11-23T09:00, in the zone that is shown */
  from: string;
  until: string;
  /** the key of a shift of theirs; empty: nothing */
  inReturn: string;
  reason: string;
}

/** What of a shift can still change hands: what has not begun, from a full hour on. */
export function restOf({ start, end }: Span, now: number): Span | undefined {
  const from = start > now ? start : (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  return from < end ? { start: from, end } : undefined;
}

/** A shift from its beginning to its end, where only a part of it was shown. */
export function wholeOf(part: Block, shifts: readonly Shift[]): Block {
  const whole = shifts.find(
    ({ user, start, end }) =>
      user.id === part.user?.id &&
      Date.parse(start) <= part.start &&
      part.end <= Date.parse(end),
  );
  return whole
    ? { ...part, start: Date.parse(whole.start), end: Date.parse(whole.end) }
    : part;
}

/** Who may have a shift: whoever is in the schedule, or responds in its team. */
export function takers(
  schedule: Pick<Schedule, "layers" | "versions_ahead">,
  team: readonly MemberOut[],
  except: string,
): Person[] {
  const layers = [
    ...schedule.layers,
    ...schedule.versions_ahead.flatMap((version) => version.layers),
  ];
  const all = [
    ...layers.flatMap(({ users }) => users),
    ...team.flatMap(({ role, user }) => (role === "observer" ? [] : [user])),
  ];
  const each = new Map(all.map(({ id, name }) => [id, { id, name }]));
  each.delete(except);
  return [...each.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** When somebody is on call after `now`, but not during `except`; what follows each other is one. */
export function shiftsOf(
  userId: string,
  shifts: readonly Shift[],
  except: Span,
  now: number,
): Span[] {
  const found: Span[] = [];
  for (const { user, start, end } of shifts) {
    if (user.id !== userId) continue;
    const last = found.at(-1);
    const next = { start: Date.parse(start), end: Date.parse(end) };
    if (last?.end === next.start) last.end = next.end;
    else found.push(next);
  }
  return found.filter(
    ({ start, end }) =>
      start > now && (end <= except.start || except.end <= start),
  );
}

/** Names an interval in a list of choices. */
export function keyOf({ start, end }: Span): string {
  return `${start}/${end}`;
}

/** What the server takes. */
export function swapOf(typed: Offer, zone: string): SwapIn {
  const [start, end] = typed.inReturn.split("/").map(Number);
  return {
    start: instantTyped(typed.from, zone),
    end: instantTyped(typed.until, zone),
    user_id: typed.to,
    in_return:
      start && end
        ? {
            start: new Date(start).toISOString(),
            end: new Date(end).toISOString(),
          }
        : null,
    reason: typed.reason.trim() || null,
  };
}
