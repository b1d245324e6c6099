import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { show } from "../test/render";
import { SchemaFields } from "./SchemaFields";
import { fieldsOf, filled, initialValues } from "./schema";

const SCHEMA = {
  type: "object",
  required: ["url", "level"],
  properties: {
    url: {
      type: "string",
      format: "uri",
      title: "Address",
      maxLength: 2083,
      examples: ["https://example.org"],
    },
    topic: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
    level: { enum: ["low", "high"], type: "string", title: "Level" },
    tries: { type: "integer", default: 3, title: "Tries" },
    loud: { type: "boolean", title: "Loud" },
  },
};

test("each property becomes the input that fits its type", () => {
  const kinds = fieldsOf(SCHEMA).map(({ name, kind, required }) => [
    name,
    kind,
    required,
  ]);

  expect(kinds).toEqual([
    ["url", "url", true],
    ["topic", "text", false],
    ["level", "choice", true],
    ["tries", "number", false],
    ["loud", "boolean", false],
  ]);
});

test("what is no schema asks for nothing", () => {
  expect(fieldsOf(null)).toEqual([]);
  expect(fieldsOf({ properties: 3 })).toEqual([]);
});

test("defaults and what is stored already are filled in", () => {
  const fields = fieldsOf(SCHEMA);

  expect(initialValues(fields, { url: "https://x.example" })).toEqual({
    url: "https://x.example",
    topic: "",
    level: "",
    tries: 3,
    loud: false,
  });
});

test("a pattern that browsers cannot read is left to the server", () => {
  const patterns = ["^[a-z]+$", "^[a-z.-]+$"].map((pattern) => ({
    type: "string",
    pattern,
  }));
  const fields = fieldsOf({ properties: { ...patterns } });

  expect(fields.map(({ pattern }) => pattern)).toEqual(["^[a-z]+$", undefined]);
});

test("a text that may be long is written in several lines", () => {
  const properties = { body: { type: "string", maxLength: 8000 } };

  expect(fieldsOf({ properties })[0]?.kind).toBe("long");
});

test("an optional input that is empty is not sent", () => {
  const fields = fieldsOf(SCHEMA);

  expect(
    filled(fields, { url: " https://x.example ", topic: "", level: "high" }),
  ).toEqual({ url: "https://x.example", level: "high" });
});

test("people fill it in, and see what the server said beside the input", async () => {
  const fields = fieldsOf(SCHEMA);
  function Form() {
    const [values, setValues] = useState(() => initialValues(fields));
    return (
      <>
        <SchemaFields
          fields={fields}
          values={values}
          onChange={setValues}
          errors={{ url: "cannot be reached" }}
        />
        <output>{JSON.stringify(filled(fields, values))}</output>
      </>
    );
  }
  show(<Form />);

  await userEvent.type(await screen.findByLabelText(/Address/), "https://a.b");
  await userEvent.click(screen.getByLabelText("Loud"));

  expect(screen.getByText("cannot be reached")).toBeTruthy();
  expect(JSON.parse(screen.getByRole("status").textContent)).toMatchObject({
    url: "https://a.b",
    loud: true,
    tries: 3,
  });
});
