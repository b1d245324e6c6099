import { expect, test } from "vitest";
import { configFields, howToOf } from "./config";
import { stateOf } from "./state";

const SCHEMA = {
  type: "object",
  required: ["token", "url"],
  properties: {
    token: {
      type: "string",
      format: "password",
      writeOnly: true,
      title: "Token",
    },
    url: { type: "string", format: "uri", title: "Address" },
  },
};
const SETUP = {
  config_schema: SCHEMA,
  values: { url: "https://chat.example.org/" },
  source: "admin" as const,
  updated_at: null,
};
const CHAT = { kind: "chat", set_up: true, setup: SETUP };
const HEALTHY = {
  channel: "chat",
  provider: "",
  broken_reason: null,
  rests_until: null,
};
const NOW = Date.parse("2030-01-01T12:00:00Z");

test("a secret that is stored may be left out, a new one may not", () => {
  const required = (source: "admin" | null) =>
    configFields({ ...SETUP, source }).map(({ name, required }) => [
      name,
      required,
    ]);

  expect(required(null)).toEqual([
    ["token", true],
    ["url", true],
  ]);
  expect(required("admin")).toEqual([
    ["token", false],
    ["url", true],
  ]);
});

test("each channel says where it stands", () => {
  const words = (
    channel: Parameters<typeof stateOf>[0],
    ...health: (typeof HEALTHY)[]
  ) => stateOf(channel, health, NOW).word;

  expect(words({ ...CHAT, set_up: false })).toBe("Not set up");
  expect(words(CHAT, HEALTHY)).toBe("Set up");
  expect(words({ ...CHAT, setup: null })).toBe("Ready");
  expect(words({ ...CHAT, setup: { ...SETUP, source: "operator" } })).toBe(
    "Set by the operator",
  );
});

test("a provider that refuses us makes its channel broken, and says why", () => {
  const refused = { ...HEALTHY, broken_reason: "Slack says invalid_auth" };
  const other = { ...refused, channel: "other" };

  expect(stateOf(CHAT, [other, refused], NOW)).toMatchObject({
    tone: "red",
    word: "Broken",
    why: expect.stringMatching(/^Slack says invalid_auth\. /),
  });
  expect(stateOf(CHAT, [other], NOW).word).toBe("Set up");
});

test("a provider that rests says so for as long as it does", () => {
  const resting = { ...HEALTHY, rests_until: "2030-01-01T12:00:30Z" };

  expect(stateOf(CHAT, [resting], NOW).word).toBe("Resting");
  expect(stateOf(CHAT, [resting], NOW + 60_000).word).toBe("Set up");
});

test("credentials that cannot be read any more are to be typed in again", () => {
  const setup = { ...SETUP, values: {} };

  expect(stateOf({ ...CHAT, setup }, [], NOW).word).toBe("Broken");
  expect(
    stateOf({ ...CHAT, setup: { ...setup, source: "operator" } }, [], NOW).word,
  ).toBe("Set by the operator");
});

test("the how-to names the address that is to be pasted", () => {
  expect(
    howToOf("# Chat\n\nPost to <address of PageFree>/hook.", "https://p.test"),
  ).toBe("Post to https://p.test/hook.");
});
