import { expect, test } from "vitest";
import { changesOf, draftOf, newDraft, VALIDATE } from "./draft";
import { rhythm, why } from "./look";
import { HEARTBEAT } from "./samples.testing";
import { cronOf, snippets } from "./snippets";

test.each([
  [300, "*/5 * * * *"],
  [7200, "0 */2 * * *"],
  [86_400, "0 3 * * *"],
  [604_800, "0 3 * * 1"],
])("a job of every %i s has a line of a crontab", (period_s, line) => {
  expect(cronOf({ ...HEARTBEAT, period_s })).toBe(line);
});

test("a cron expression is pasted as it is", () => {
  expect(cronOf({ ...HEARTBEAT, period_s: null, cron: "5 4 * * *" })).toBe(
    "5 4 * * *",
  );
});

test("snippets ping this address, by POST where only that counts", () => {
  const texts = snippets({ ...HEARTBEAT, post_only: true }).map(
    ({ text }) => text,
  );

  expect(texts.every((text) => text.includes(HEARTBEAT.ping_url))).toBe(true);
  expect(texts.every((text) => /POST|--data|data=/.test(text))).toBe(true);
});

test("a heartbeat says when it pings, and why it is down", () => {
  expect(rhythm(HEARTBEAT)).toBe("every 1 d, 1 h of grace");
  expect(rhythm({ ...HEARTBEAT, period_s: null, cron: "0 3 * * *" })).toBe(
    "0 3 * * * (UTC), 1 h of grace",
  );
  expect(why(HEARTBEAT)).toBeUndefined();
  expect(why({ ...HEARTBEAT, reason: "failed", failures: 3 })).toBe(
    "it said that it failed, 3 times in a row",
  );
});

test("the other kind of schedule is taken away", () => {
  const draft = draftOf(HEARTBEAT);

  expect(changesOf(draft)).toMatchObject({ period_s: 86_400, cron: null });
  expect(changesOf({ ...draft, by: "cron" })).toMatchObject({
    period_s: null,
    cron: "0 3 * * *",
  });
});

test("a time below a minute, and a cron expression of six fields, are refused", () => {
  const draft = newDraft();

  expect(VALIDATE.period_s(30, draft)).toBe("Between 1 minute and 365 days");
  expect(VALIDATE.period_s(60, draft)).toBeNull();
  expect(VALIDATE.cron("0 0 3 * * *", { ...draft, by: "cron" })).toBe(
    "Five fields: minute hour day month weekday",
  );
});
