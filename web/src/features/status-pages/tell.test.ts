import { expect, test } from "vitest";
import type { StatusIncident } from "../../api/generated";
import {
  type Draft,
  draftFrom,
  incidentOf,
  moreOf,
  problemsOf,
  updateOf,
} from "./tell";

const NOW = Date.parse("2026-11-23T10:00");
const DRAFT: Draft = {
  name: " Slow pages ",
  status: "investigating",
  body: " We look into it. ",
  components: { shop: "partial_outage" },
  told_to: "everyone",
  quiet: false,
  publish_at: "",
  display_at: "",
  impact: "",
};

test("an incident is told with the components that it touches", () => {
  const sent = incidentOf(DRAFT, "ours");
  expect(sent).toMatchObject({
    name: "Slow pages",
    incident_id: "ours",
    impact: null,
    components: { shop: "partial_outage" },
    update: { body: "We look into it.", publish_at: null },
  });
});

test("what is over says nothing more of components", () => {
  expect(updateOf({ ...DRAFT, status: "resolved" }).components).toBeNull();
  expect(updateOf(DRAFT).components).toEqual({ shop: "partial_outage" });
});

test("more is told from where the incident is", () => {
  const incident = {
    name: "Slow pages",
    status: "identified",
    components: [{ component_id: "shop", name: "Shop", state: "major_outage" }],
  } as StatusIncident;
  expect(moreOf(incident)).toMatchObject({
    body: "",
    status: "identified",
    components: { shop: "major_outage" },
  });
});

test("what is missing is said by field", () => {
  expect(problemsOf(DRAFT, NOW)).toEqual({});
  const empty = { ...DRAFT, name: " ", body: "" };
  expect(Object.keys(problemsOf(empty, NOW))).toEqual(["name", "body"]);
});

test("nothing is scheduled for the past, nor dated later than it is told", () => {
  const past = { ...DRAFT, publish_at: "2026-11-23T09:59" };
  expect(problemsOf(past, NOW)).toHaveProperty("publish_at");
  const ahead = { ...DRAFT, display_at: "2026-11-23T10:30" };
  expect(problemsOf(ahead, NOW)).toHaveProperty("display_at");
  const then = { ...ahead, publish_at: "2026-11-23T11:00" };
  expect(problemsOf(then, NOW)).toEqual({});
});

test("a draft survives a reload, and rubbish does not", () => {
  expect(draftFrom(JSON.stringify(DRAFT))).toEqual(DRAFT);
  expect(draftFrom("")).toBeUndefined();
  expect(draftFrom('{"name": 1}')).toBeUndefined();
});
