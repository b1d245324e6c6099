import { expect, test } from "vitest";
import type { RunbookTarget } from "../../api/generated";
import { asksSecretsAnew, connectionFields } from "./connection-draft";

const TARGET: RunbookTarget = {
  kind: "webhook",
  title: "Signed webhook",
  summary: "",
  connection_schema: {
    properties: {
      api_url: { type: "string", title: "Address" },
      key: { type: "string", format: "password", title: "Signing key" },
    },
    required: ["api_url", "key"],
  },
  content_schema: {},
  can_cancel: false,
  calls_back: true,
  readme: "",
};

test("a secret that is kept need not be typed in again", () => {
  const required = (isKept: boolean) =>
    connectionFields(TARGET, isKept).map((field) => field.required);

  expect(required(false)).toEqual([true, true]);
  expect(required(true)).toEqual([true, false]);
});

test("a changed address asks for the secret anew, any other change does not", () => {
  const kept = { values: { api_url: "https://one.example", check_path: "/" } };

  expect(asksSecretsAnew(kept, { ...kept.values, check_path: "/up" })).toBe(
    false,
  );
  expect(
    asksSecretsAnew(kept, { ...kept.values, api_url: "https://two.example" }),
  ).toBe(true);
  expect(asksSecretsAnew(undefined, { api_url: "x" })).toBe(false);
});
