import { expect, test } from "vitest";
import {
  bodyOf,
  type Draft,
  draftOf,
  lengthsOf,
  newDraft,
  newLayer,
} from "./draft";
import { isComplete, problemsOf } from "./problems";
import { FOLLOWING } from "./samples.testing";
import { TEMPLATES } from "./templates";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const ANA = { id: "u1", name: "Ana" };
const BO = { id: "u2", name: "Bo" };

function draft(more: Partial<Draft> = {}): Draft {
  const begun = newDraft("t1", "Europe/Berlin", NOW);
  const layers = begun.layers.map((layer) => ({ ...layer, users: [ANA, BO] }));
  return { ...begun, name: " Database ", layers, ...more };
}

const template = (name: string) =>
  TEMPLATES.find((each) => each.name === name)?.fill(draft(), NOW).layers ?? [];

test("a new schedule turns weekly, from Monday at nine on the wall of its zone", () => {
  expect(bodyOf(draft())).toEqual({
    name: "Database",
    description: null,
    team_id: "t1",
    time_zone: "Europe/Berlin",
    from_at: null,
    layers: [
      {
        id: null,
        name: "Primary",
        unit: "week",
        lengths: [1],
        start_at: "2026-11-23T08:00:00.000Z",
        end_at: null,
        at_once: 1,
        user_ids: ["u1", "u2"],
        time_zone: null,
        restriction: null,
      },
    ],
  });
});

test("a change from a later day is an instant of the schedule's zone", () => {
  const later = draft({ from_date: "2027-03-01", from_time: "09:00" });
  expect(bodyOf(later).from_at).toBe("2027-03-01T08:00:00.000Z");
});

test("a layer with a zone of its own starts on the wall of that zone", () => {
  const layers = [
    newLayer("Europe/Berlin", NOW, { time_zone: "Asia/Tokyo", users: [ANA] }),
  ];
  const [layer] = bodyOf(draft({ layers })).layers;
  expect(layer?.start_at).toBe("2026-11-23T00:00:00.000Z");
  expect(layer?.time_zone).toBe("Asia/Tokyo");
});

test("hours and holidays become one restriction", () => {
  const layers = [
    newLayer("UTC", NOW, {
      users: [ANA],
      hours: [{ key: "k", weekdays: ["4", "0"], start: "22:00", end: "06:00" }],
      holidays: "except",
      country: "DE",
      subdivision: "BY",
      keep_turns: true,
    }),
  ];
  expect(bodyOf(draft({ layers })).layers[0]?.restriction).toEqual({
    windows: [{ weekdays: [0, 4], start: "22:00", end: "06:00" }],
    holidays: { country: "DE", subdivision: "BY", mode: "except" },
    keep_turns: true,
  });
});

test("what is read from the server is sent back unchanged", () => {
  const { id: _, team, ...read } = FOLLOWING;
  const sent = bodyOf(draftOf(FOLLOWING));
  expect(sent.team_id).toBe(team.id);
  expect(sent.layers).toEqual(
    read.layers.map(({ users, ...layer }) => ({
      ...layer,
      start_at: new Date(layer.start_at).toISOString(),
      user_ids: users.map(({ id }) => id),
    })),
  );
});

test("lengths are a number or a pattern", () => {
  expect(lengthsOf("1")).toEqual([1]);
  expect(lengthsOf("4, 3")).toEqual([4, 3]);
  for (const text of ["", "0", "1.5", "4,", "four"])
    expect(lengthsOf(text)).toBeUndefined();
});

test("what is missing is said at its field", () => {
  const layers = [
    newLayer("UTC", NOW, {
      lengths: "many",
      hours: [{ key: "k", weekdays: [], start: "09:00", end: "17:00" }],
    }),
  ];
  expect(Object.keys(problemsOf(draft({ name: " ", layers })))).toEqual([
    "name",
    "layers.0.name",
    "layers.0.users",
    "layers.0.lengths",
    "layers.0.hours.0",
  ]);
});

test("a schedule can be drawn before it has a name, and not before it has people", () => {
  expect(isComplete(draft({ name: "" }))).toBe(true);
  expect(isComplete(newDraft("t1", "UTC", NOW))).toBe(false);
});

test("follow the sun covers the day with three regions that touch", () => {
  const spans = template("Follow the sun").map(({ hours }) => [
    hours[0]?.start,
    hours[0]?.end,
  ]);
  expect(spans).toEqual([
    ["00:00", "08:00"],
    ["08:00", "16:00"],
    ["16:00", "00:00"],
  ]);
});

test("a shadow is a second person at once", () => {
  expect(template("Weekly, with a shadow")[0]?.at_once).toBe(2);
});
