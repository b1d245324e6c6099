import { expect, test } from "vitest";
import {
  linksOf,
  nameOf,
  openForS,
  saysNothing,
  tierInWords,
} from "./context-words";

const SILENT = {
  team: { id: "t1", name: "Platform" },
  service: { id: "s1", name: "PostgreSQL", tier: 1 },
  links: [],
  changes: [],
  similar: [],
  upstream: [],
  downstream: [],
  changes_since: [],
  suffering: [],
  suffering_count: 0,
};

test("runbooks stand before other links, and what no browser should open is left out", () => {
  const runbook = { href: "https://wiki.example.org/1", text: "Runbook" };
  const byAddress = { href: "https://example.org/run-book/2", text: "" };
  const other = { href: "https://example.org/dashboard", text: "Dashboard" };
  const hostile = { href: "javascript:alert(1)", text: "Runbook" };

  expect(linksOf([other, hostile, runbook, byAddress])).toEqual({
    runbooks: [runbook, byAddress],
    others: [other],
  });
});

test("a link without a text is called by its address", () => {
  expect(nameOf({ href: "https://example.org/a", text: "" })).toBe(
    "example.org/a",
  );
});

test("how long it took is known only of what is over", () => {
  const opened_at = "2026-03-01T12:00:00Z";

  expect(openForS({ opened_at, resolved_at: null })).toBeUndefined();
  expect(openForS({ opened_at, resolved_at: "2026-03-01T12:05:30Z" })).toBe(
    330,
  );
});

test("a tier explains nothing", () => {
  expect(saysNothing(SILENT)).toBe(true);
  expect(
    saysNothing({ ...SILENT, links: [{ href: "https://a", text: "" }] }),
  ).toBe(false);
});

test("a tier says which way it counts", () => {
  expect(tierInWords("Shop", 1)).toBe("Shop is tier 1 of 4: it matters most.");
  expect(tierInWords("Shop", 2)).toBe("Shop is tier 2 of 4.");
});
