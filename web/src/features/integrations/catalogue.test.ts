import { expect, test } from "vitest";
import type { IntegrationKind } from "../../api/generated";
import { partsOf } from "./catalogue";

function kind(
  title: string,
  category: IntegrationKind["category"],
  summary = "",
): IntegrationKind {
  return {
    kind: title.toLowerCase(),
    title,
    category,
    summary,
    readme: "",
    ingest_path: "",
    sample: "",
    sample_headers: {},
    settings_schema: null,
    signature: null,
  };
}

const KINDS = [
  kind("Zabbix", "metrics"),
  kind("Opsgenie", "drop-in", "By changing the host."),
  kind("Datadog", "metrics", "Monitors, through a webhook."),
];

function titles(text: string, only = "") {
  return partsOf(KINDS, text, only).map(({ category, kinds }) => [
    category,
    kinds.map(({ title }) => title),
  ]);
}

test("tools stand in parts, by name, and drop-ins last", () => {
  expect(titles("")).toEqual([
    ["metrics", ["Datadog", "Zabbix"]],
    ["drop-in", ["Opsgenie"]],
  ]);
});

test("words are looked for in the name, the summary and the part", () => {
  expect(titles("WEBHOOK data")).toEqual([["metrics", ["Datadog"]]]);
  expect(titles("pager")).toEqual([["drop-in", ["Opsgenie"]]]);
  expect(titles("nothing like it")).toEqual([]);
});

test("one part can be looked at alone", () => {
  expect(titles("", "drop-in")).toEqual([["drop-in", ["Opsgenie"]]]);
});
