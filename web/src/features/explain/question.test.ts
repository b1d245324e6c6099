import { expect, test } from "vitest";
import { askedOf, questionOf, searchOf } from "./question";

test("an address is what is asked, and back", () => {
  const search = { service: "s1", severity: "warning", when: "" };
  const asked = askedOf(search);
  expect(asked).toEqual({ ...search, integration: "" });
  expect(searchOf(asked)).toEqual({ ...asked });
  expect(searchOf({ ...asked, severity: "critical" }).severity).toBeUndefined();
});

test("a severity that there is not is the loudest", () => {
  expect(askedOf({ severity: "purple" }).severity).toBe("critical");
});

test("a service is asked about with a severity, an integration with a body", () => {
  const asked = askedOf({ service: "s1", when: "2026-11-23T03:00" });
  const at = new Date("2026-11-23T03:00").toISOString();
  expect(questionOf(asked, "")).toEqual({
    service_id: "s1",
    severity: "critical",
    at,
  });
  expect(questionOf({ ...asked, integration: "i1" }, "{}")).toEqual({
    integration_id: "i1",
    body: "{}",
    at,
  });
});

test("nothing chosen is no question, and half a time is now", () => {
  expect(questionOf(askedOf({}), "")).toBeNull();
  const source = askedOf({ service: "s", integration: "i" });
  expect(questionOf(source, "")).toBeNull();
  expect(questionOf(askedOf({ service: "s", when: "20" }), "")?.at).not.toBe(
    "20",
  );
});
