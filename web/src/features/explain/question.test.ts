import { expect, test } from "vitest";
import {
  askedOf,
  headersOf,
  linesOf,
  oddLine,
  questionOf,
  searchOf,
  type Typed,
} from "./question";

function typed(body: string, headers = "", target = ""): Typed {
  return { body, headers, target };
}

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
  expect(questionOf(asked, typed(""))).toEqual({
    service_id: "s1",
    severity: "critical",
    at,
  });
  expect(questionOf({ ...asked, integration: "i1" }, typed("{}"))).toEqual({
    integration_id: "i1",
    body: "{}",
    headers: {},
    at,
  });
});

test("nothing chosen is no question, and half a time is now", () => {
  expect(questionOf(askedOf({}), typed(""))).toBeNull();
  const source = askedOf({ service: "s", integration: "i" });
  expect(questionOf(source, typed(""))).toBeNull();
  expect(
    questionOf(askedOf({ service: "s", when: "20" }), typed(""))?.at,
  ).not.toBe("20");
});

test("a request is more than its body", () => {
  const source = askedOf({ service: "s", integration: "i" });
  const headers = "X-GitHub-Event: release\n\nhalf";
  expect(
    questionOf(source, typed("{}", headers, "delete /v2/alerts/a?x=1&y=%20")),
  ).toMatchObject({
    body: "{}",
    headers: { "X-GitHub-Event": "release" },
    method: "DELETE",
    path: "/v2/alerts/a",
    query: { x: "1", y: " " },
  });
  expect(questionOf(source, typed("", "", "/v2/alerts/a"))).toMatchObject({
    body: "",
    path: "/v2/alerts/a",
  });
});

test("headers are lines, and back", () => {
  const headers = { "x-a": "1:2", "x-b": "" };
  expect(headersOf(linesOf(headers))).toEqual(headers);
  expect(oddLine("x-a: 1\n\nx-b")).toBe("x-b");
  expect(oddLine(linesOf(headers))).toBeUndefined();
});
