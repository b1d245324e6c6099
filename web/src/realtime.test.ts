import { expect, test } from "vitest";
import { staleKeys } from "./realtime";

test("only lists of words are keys", () => {
  const message = { keys: [["incidents"], ["incident", "1"], [], "x", [3]] };

  expect(staleKeys(message)).toEqual([["incidents"], ["incident", "1"]]);
  expect(staleKeys(null)).toEqual([]);
  expect(staleKeys({ keys: "all" })).toEqual([]);
});
