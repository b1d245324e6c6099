import { expect, test } from "vitest";
import {
  bindingsOf,
  newParameter,
  parametersOf,
  problemOf,
  schemaOf,
  typed,
} from "./parameters";

const SCHEMA = {
  type: "object",
  properties: {
    worker: {
      type: "string",
      title: "Worker",
      pattern: "^worker-[0-9]{1,3}$",
      maxLength: 20,
    },
    mode: { type: "string", enum: ["soft", "hard"], default: "soft" },
    wait_s: { type: "integer", minimum: 0, maximum: 60 },
    force: { type: "boolean", default: false },
    hosts: {
      type: "array",
      items: { type: "string", pattern: "^[a-z]+$", maxLength: 30 },
      maxItems: 5,
      uniqueItems: true,
    },
  },
  required: ["worker", "mode"],
};

test("what is edited and not changed stays as it was, keywords that are not shown included", () => {
  const bindings = { worker: "alert.labels.host" };
  const parameters = parametersOf(SCHEMA, bindings);

  expect(schemaOf(parameters)).toEqual(SCHEMA);
  expect(bindingsOf(parameters)).toEqual(bindings);
});

test("a parameter that becomes a text loses its list of values", () => {
  const mode = parametersOf(SCHEMA)[1];
  if (!mode) throw new Error("no mode");

  const changed = schemaOf([{ ...mode, kind: "text", pattern: "^[a-z]+$" }]);

  expect(changed.properties).toEqual({
    mode: { type: "string", pattern: "^[a-z]+$", default: "soft" },
  });
});

test.each([
  [{ name: "two words" }, /letters, digits/],
  [{ name: "mode", kind: "choice" as const }, /which values/],
  [{ name: "host", pattern: "[a-z]+" }, /begins with \^/],
  [{ name: "n", kind: "number" as const, minimum: 3, maximum: 1 }, /smallest/],
  [{ name: "host", binding: "incident.secret" }, /alert\.labels\.host/],
])("%j is refused before it is sent", (change, words) => {
  const parameter = { ...newParameter(), ...change };

  expect(problemOf(parameter, [parameter])).toMatch(words);
});

test("two parameters cannot share a name", () => {
  const one = { ...newParameter(), name: "host" };
  const other = { ...newParameter(), name: "host " };

  expect(problemOf(one, [one, other])).toMatch(/two parameters/);
});

test("what was typed in becomes numbers and switches, and what is empty is left out", () => {
  const values = {
    worker: " worker-1 ",
    mode: "",
    wait_s: "30",
    force: false,
    hosts: [],
    unknown: "x",
  };

  expect(typed(SCHEMA, values)).toEqual({
    worker: "worker-1",
    wait_s: 30,
    force: false,
  });
});
