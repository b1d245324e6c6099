import { afterEach, expect, test, vi } from "vitest";
import { gather, staleKeys } from "./realtime";

test("only lists of words are keys", () => {
  const message = { keys: [["incidents"], ["incident", "1"], [], "x", [3]] };

  expect(staleKeys(message)).toEqual([["incidents"], ["incident", "1"]]);
  expect(staleKeys(null)).toEqual([]);
  expect(staleKeys({ keys: "all" })).toEqual([]);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a list that takes long arrives before it is asked for again, and keeps nothing else waiting", async () => {
  vi.useFakeTimers();
  const arrivals: (() => void)[] = [];
  const refresh = gather(
    () => new Promise<void>((arrive) => arrivals.push(arrive)),
  );

  refresh([["incidents"]]);
  for (let alert = 0; alert < 10; alert += 1) {
    refresh([["incidents"]]);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(arrivals).toHaveLength(1);
  refresh([["incident", "1"]]);
  expect(arrivals).toHaveLength(2);
  arrivals[0]?.();
  await vi.advanceTimersByTimeAsync(1);

  expect(arrivals).toHaveLength(3);
});
