import type { Schedule, Shift, Timeline } from "../../api/generated";

/** A shift from one day to another, at midnight in UTC. */
export function shift(name: string, from: string, to: string): Shift {
  return {
    user: { id: name.toLowerCase(), name },
    start: `${from}T00:00:00Z`,
    end: `${to}T00:00:00Z`,
    layer_id: "l1",
    override_id: null,
  };
}

export const FINAL = [
  shift("Ana", "2026-11-23", "2026-11-30"),
  {
    ...shift("Bo", "2026-12-01", "2026-12-07"),
    layer_id: null,
    override_id: "o1",
  },
];

/** Ana, nobody for a day, then Bo by an override. */
export function timeline(): Timeline {
  return {
    time_zone: "UTC",
    layers: [
      {
        id: "l1",
        name: "Primary",
        shifts: [shift("Ana", "2026-11-23", "2026-11-30")],
      },
    ],
    final: FINAL,
    overrides: [
      {
        id: "o1",
        user: { id: "bo", name: "Bo" },
        start: "2026-12-01T00:00:00Z",
        end: "2026-12-07T00:00:00Z",
        replaces: null,
        layer_id: null,
        reason: "Holiday",
        created_by: { id: "ana", name: "Ana" },
      },
    ],
    gaps: [
      {
        id: null,
        start: "2026-11-30T00:00:00Z",
        end: "2026-12-01T00:00:00Z",
        intended: false,
        reason: null,
      },
    ],
    handoffs: ["2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"],
  };
}

const UTC_HOURS = [
  ["Asia-Pacific", "00:00", "08:00"],
  ["Europe", "08:00", "16:00"],
] as const;

/** Two regions, as the server says it. */
export const FOLLOWING: Schedule = {
  id: "s1",
  name: "Follow the sun",
  description: null,
  team: { id: "t1", name: "Payments" },
  time_zone: "UTC",
  layers: UTC_HOURS.map(([name, start, end]) => ({
    id: name,
    name,
    unit: "week",
    lengths: [1],
    start_at: `2026-11-23T${start}:00Z`,
    end_at: null,
    at_once: 1,
    time_zone: null,
    users: [{ id: "ana", name: "Ana" }],
    restriction: {
      windows: [{ weekdays: [0, 1, 2, 3, 4, 5, 6], start, end }],
      holidays: null,
      keep_turns: false,
    },
  })),
  on_call: [],
  until: null,
  next: [],
  next_at: null,
  gap: null,
  versions_ahead: [],
};
