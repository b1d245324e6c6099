import { describe, expect, it } from "vitest";
import type { PageGrant } from "../../api/generated";
import {
  grantWords,
  withComponent,
  withUpdates,
  withWholePage,
} from "./grants";

const SOME: PageGrant = {
  page: { id: "p", name: "Shop" },
  whole_page: false,
  components: [
    { id: "a", name: "Checkout", expires_at: "2027-01-01T00:00:00Z" },
    { id: "b", name: "Search", expires_at: null },
  ],
  partner_updates: true,
  expires_at: null,
  granted_by: null,
  granted_at: "2026-03-02T09:00:00Z",
  counts: true,
};
const WHOLE: PageGrant = { ...SOME, whole_page: true, components: [] };

describe("grants", () => {
  it("keeps when the others expire", () => {
    expect(withComponent(SOME, "c")).toEqual({
      components: [
        { component_id: "a", expires_at: "2027-01-01T00:00:00Z" },
        { component_id: "b", expires_at: null },
        { component_id: "c" },
      ],
      partner_updates: true,
      expires_at: null,
    });
  });

  it("is nothing without its last component", () => {
    const last = withComponent(null, "a");
    expect(last?.components).toEqual([{ component_id: "a" }]);
    const one = { ...SOME, components: SOME.components.slice(0, 1) };
    expect(withComponent(one, "a")).toBeNull();
  });

  it("is the whole page or nothing of it", () => {
    expect(withWholePage(SOME)?.components).toBeNull();
    expect(withWholePage(WHOLE)).toBeNull();
    expect(withUpdates(WHOLE).partner_updates).toBe(false);
  });

  it("is told in few words", () => {
    expect(grantWords(WHOLE)).toBe("All of it");
    expect(grantWords(SOME)).toBe("Checkout and Search");
    const many = ["A", "B", "C", "D"].map((name) => ({
      id: name,
      name,
      expires_at: null,
    }));
    expect(grantWords({ ...SOME, components: many })).toBe("A, B and 2 more");
  });
});
