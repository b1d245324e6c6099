import { expect, test } from "vitest";
import { groupMoved, type Line, layoutOf, linesOf, moved } from "./layout";

const ID = /^[A-Z]/;

/** "shop PAY cards": small letters are components, capitals are headings. */
function lines(text: string): Line[] {
  return text
    .split(" ")
    .map((id) => ({ kind: ID.test(id) ? "group" : "component", id }));
}

function words(all: readonly Line[]): string {
  return all.map(({ id }) => id).join(" ");
}

test("a component belongs to the heading above it", () => {
  expect(layoutOf(lines("shop PAY cards EMPTY"))).toEqual({
    group_ids: ["PAY", "EMPTY"],
    components: [
      { component_id: "shop", group_id: null },
      { component_id: "cards", group_id: "PAY" },
    ],
  });
});

test("lines are in the order of the page", () => {
  const component = (id: string, group_id: string | null) => ({
    id,
    group_id,
  });
  const page = {
    groups: [{ id: "B" }, { id: "A" }],
    components: [
      component("a1", "A"),
      component("free", null),
      component("b1", "B"),
      component("b2", "B"),
    ],
  } as Parameters<typeof linesOf>[0];
  expect(words(linesOf(page))).toBe("free B b1 b2 A a1");
});

test("a component moves past others and under another heading", () => {
  const all = lines("shop PAY cards bank DATA disk");
  expect(words(moved(all, 2, 3))).toBe("shop PAY bank cards DATA disk");
  expect(words(moved(all, 2, 1))).toBe("shop cards PAY bank DATA disk");
  expect(words(moved(all, 0, 5))).toBe("PAY cards bank DATA disk shop");
});

test("a heading takes what is under it along", () => {
  const all = lines("shop PAY cards DATA disk");
  expect(words(moved(all, 1, 4))).toBe("shop DATA disk PAY cards");
  expect(words(moved(all, 3, 1))).toBe("shop DATA disk PAY cards");
  expect(words(moved(all, 3, 2))).toBe("shop PAY cards DATA disk");
  expect(words(groupMoved(all, "PAY", 1))).toBe("shop DATA disk PAY cards");
});

test("no heading ever lands above what has none", () => {
  const all = lines("shop site PAY cards");
  expect(words(moved(all, 2, 0))).toBe("shop site PAY cards");
});
