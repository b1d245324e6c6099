import { expect, test } from "vitest";
import { huesOf } from "../../ui/person-hue";
import { handoffsOf } from "./handoffs";
import { clipped, edgesOf, lanesOf, placed } from "./lanes";
import { FINAL, shift, timeline } from "./samples.testing";
import { windowOf } from "./window";

const at = (text: string) => Date.parse(text);

test("people who are on call together are drawn below each other", () => {
  const blocks = placed(
    [
      shift("Ana", "2026-11-23", "2026-11-30"),
      shift("Bo", "2026-11-23", "2026-11-30"),
      shift("Bo", "2026-11-30", "2026-12-07"),
      shift("Cy", "2026-11-30", "2026-12-07"),
    ],
    [],
  );
  expect(blocks.map(({ row }) => row)).toEqual([0, 1, 0, 1]);
});

test("only who came by the override is outlined, not who is on call with them", () => {
  const together = ["Bo", "Cy"].map((name) => ({
    ...shift(name, "2026-12-01", "2026-12-07"),
    override_id: "o1",
  }));
  const blocks = placed(together, timeline().overrides);
  expect(blocks.map(({ override }) => override?.id)).toEqual(["o1", undefined]);
});

test("the final lane comes first and has the gaps in it", () => {
  const [final, ...layers] = lanesOf(timeline());
  expect(final?.final).toBe(true);
  expect(
    final?.blocks.map(({ user, intended }) => user?.name ?? intended),
  ).toEqual(["Ana", false, "Bo"]);
  expect(layers.map(({ name }) => name)).toEqual(["Primary"]);
});

test("a shift of an override knows it", () => {
  const [final] = lanesOf(timeline());
  expect(final?.blocks.map(({ override }) => override?.reason)).toEqual([
    undefined,
    undefined,
    "Holiday",
  ]);
});

test("a block is cut where the window ends", () => {
  const [block] = placed(FINAL, []);
  const window = windowOf("day", "2026-11-24", "UTC");
  const part = block && clipped(block, window);
  expect([part?.start, part?.end]).toEqual([window.start, window.end]);
  const later = windowOf("day", "2027-11-24", "UTC");
  expect(block && clipped(block, later)).toBeUndefined();
});

test("drags settle where a shift or a gap begins or ends", () => {
  const [final] = lanesOf(timeline());
  expect(final && edgesOf(final)).toEqual(
    ["2026-11-23", "2026-11-30", "2026-12-01", "2026-12-07"].map(at),
  );
});

test("the next hand-offs say who has it before and after, and when nobody has", () => {
  const [final] = lanesOf(timeline());
  expect(
    handoffsOf(final, at("2026-11-25")).map(({ from, to }) => `${from} ${to}`),
  ).toEqual(["Ana nobody", "nobody Bo"]);
});

test("people who are shown together have colours of their own, in any order", () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const hues = huesOf(ids);
  expect(new Set(hues.values()).size).toBe(ids.length);
  expect([...huesOf(ids.toReversed())]).toEqual([...hues]);
});
