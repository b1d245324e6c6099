import { expect, test } from "vitest";
import type { MappedService, ServiceMap } from "../../api/generated";
import { boxesOf, spoken, tiesOf } from "./ties";

function service(id: string, change: Partial<MappedService> = {}) {
  return {
    id,
    name: id.toUpperCase(),
    team: { id: "t", name: "Web" },
    kind: "technical",
    tier: null,
    lifecycle: "active",
    state: "quiet",
    neighbour: false,
    ...change,
  } satisfies MappedService;
}

const SHOP = service("shop");
const API = service("api", { state: "triggered" });
const MAP: ServiceMap = {
  services: [SHOP, API],
  dependencies: [
    { service_id: "shop", depends_on_id: "api" },
    { service_id: "shop", depends_on_id: "not drawn" },
  ],
  hidden_id: null,
  alone: 0,
  left_out: 0,
};

test("ties are known both ways, of what is drawn", () => {
  const { above, below } = tiesOf(MAP);

  expect(above.get("shop")).toEqual([API]);
  expect(below.get("api")).toEqual([SHOP]);
  expect(above.get("api")).toBeUndefined();
});

test("a box says what it is, how it is doing and what it is tied to", () => {
  const ties = tiesOf(MAP);

  expect(spoken(SHOP, ties)).toBe("SHOP, All quiet, depends on API");
  expect(spoken(API, ties)).toBe("API, Needs somebody, needed by SHOP");
});

test("all that is hidden is one box without a name, which others are tied to", () => {
  const map: ServiceMap = {
    ...MAP,
    dependencies: [{ service_id: "hidden", depends_on_id: "api" }],
    hidden_id: "hidden",
  };
  const ties = tiesOf(map);
  const boxes = boxesOf(map);

  expect(boxes.map(({ id }) => id)).toEqual(["shop", "api", "hidden"]);
  expect(spoken(API, ties)).toBe(
    "API, Needs somebody, needed by something hidden",
  );
  expect(boxes[2] && spoken(boxes[2], ties)).toBe(
    "Hidden, of teams that you do not see, depends on API",
  );
});
