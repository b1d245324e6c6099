import { expect, test } from "vitest";
import { type Filters, filtersOf, queryOf, searchOf } from "./filters";

test.each<Filters>([
  { tab: "open" },
  { tab: "mine", severity: "critical" },
  {
    tab: "all",
    status: "resolved",
    team: "t1",
    service: "s1",
    urgency: "low",
    query: "disk full",
  },
])("filters survive the address: %o", (filters) => {
  expect(filtersOf(searchOf(filters))).toEqual({
    status: undefined,
    team: undefined,
    service: undefined,
    urgency: undefined,
    severity: undefined,
    query: undefined,
    ...filters,
  });
});

test("what is the default is not in the address", () => {
  expect(searchOf({ tab: "open", query: "" })).toEqual({});
});

test("an address with nonsense shows the open incidents", () => {
  const filters = filtersOf({ tab: "yours", status: "broken", declare: "1" });

  expect(queryOf(filters)).toEqual({ status: "open" });
});

test("a state that is chosen wins over the tab", () => {
  expect(queryOf({ tab: "mine", status: "acknowledged" })).toMatchObject({
    status: "acknowledged",
    mine: true,
  });
  expect(queryOf({ tab: "all" }).status).toBe("all");
});
