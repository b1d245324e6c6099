import type { Gap, Override, Shift, Timeline } from "../../api/generated";
import type { Person } from "../../ui/PersonSelect";
import type { Window } from "./window";

/** One piece of a lane, [start, end) in ms. */
export interface Block {
  key: string;
  start: number;
  end: number;
  /** none: nobody */
  user?: Person;
  override?: Override;
  /** the declared gap */
  gapId?: string | null;
  /** nobody, because somebody said so */
  intended?: boolean;
  reason?: string | null;
  /** who is on call at the same time is drawn below: 0 is the first */
  row: number;
}

export interface Lane {
  id: string;
  name: string;
  rows: number;
  blocks: Block[];
  /** the final result: who is really paged */
  final: boolean;
}

/** The final result, and below it the layers in their order. */
export function lanesOf(timeline: Timeline): Lane[] {
  const { layers, final, gaps, overrides } = timeline;
  return [
    laneOf("final", "On call", [
      ...placed(final, overrides),
      ...gaps.map(gapBlock),
    ]),
    ...layers.map(({ id, name, shifts }, at) =>
      laneOf(id, name || `Layer ${at + 1}`, placed(shifts, [])),
    ),
  ];
}

function laneOf(id: string, name: string, blocks: Block[]): Lane {
  return {
    id,
    name,
    blocks: blocks
      .map((block) => ({ ...block, key: `${id} ${block.key}` }))
      .sort((a, b) => a.start - b.start || a.row - b.row),
    rows: 1 + Math.max(0, ...blocks.map(({ row }) => row)),
    final: id === "final",
  };
}

/** Shifts as blocks; who is on call together, which follows each other, goes below each other. */
export function placed(
  shifts: readonly Shift[],
  overrides: readonly Override[],
): Block[] {
  let row = 0;
  return shifts.map(({ user, start, end, override_id }, at) => {
    row = start === shifts[at - 1]?.start ? row + 1 : 0;
    const made = overrides.find(({ id }) => id === override_id);
    const override = made?.user.id === user.id ? made : undefined;
    return {
      key: `${start} ${user.id}`,
      start: Date.parse(start),
      end: Date.parse(end),
      user,
      override,
      reason: override?.reason,
      row,
    };
  });
}

function gapBlock({ id, start, end, intended, reason }: Gap): Block {
  return {
    key: `gap ${start}`,
    start: Date.parse(start),
    end: Date.parse(end),
    gapId: id,
    intended,
    reason,
    row: 0,
  };
}

/** The part of a block that the window shows. */
export function clipped(block: Block, window: Window): Block | undefined {
  const start = Math.max(block.start, window.start);
  const end = Math.min(block.end, window.end);
  return start < end ? { ...block, start, end } : undefined;
}

/** Everybody in any lane. */
export function everybody(timeline: Timeline): string[] {
  return [timeline.final, ...timeline.layers.map(({ shifts }) => shifts)]
    .flat()
    .map(({ user }) => user.id);
}

/** Where one shift ends or another begins: drags settle there. */
export function edgesOf(lane: Lane): number[] {
  return [...new Set(lane.blocks.flatMap(({ start, end }) => [start, end]))];
}
