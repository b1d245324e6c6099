import { expect, test } from "vitest";
import type { OutboxMessage } from "../../api/generated";
import { pictureOf } from "./picture";

function sent(
  channel: string,
  payload: Record<string, unknown> | null = null,
  text = "Disk full\n\nOpen: https://x.example/i/1\n",
): OutboxMessage {
  return {
    id: "1",
    at: "2026-03-02T09:00:00Z",
    channel,
    recipient: "Ana",
    user: null,
    title: "#12 Disk full (Shop)",
    text,
    html: null,
    payload,
  };
}

test("a text message is a bubble with its text", () => {
  const picture = pictureOf(sent("sms", null, "#12 Disk full\nReply ack 3\n"));

  expect(picture).toMatchObject({
    look: "bubble",
    body: "#12 Disk full\nReply ack 3",
  });
});

test("a push shows the buttons that it brings", () => {
  const payload = { title: "#12", body: "critical", acknowledge: "/act/1" };

  expect(pictureOf(sent("web_push", payload))?.presses).toEqual([
    { label: "Acknowledge", href: "/act/1" },
  ]);
});

test("blocks of Slack become facts and buttons, and its escapes are read", () => {
  const payload = {
    blocks: [
      { type: "header", text: { text: "#12 <Disk>" } },
      { type: "section", text: { text: "*Service:* A &amp; B &lt;x&gt;" } },
      {
        type: "actions",
        elements: [{ text: { text: "Acknowledge" }, value: "1" }],
      },
    ],
  };

  expect(pictureOf(sent("slack", payload))).toMatchObject({
    look: "card",
    title: "#12 <Disk>",
    facts: [["Service", "A & B <x>"]],
    presses: [{ label: "Acknowledge" }],
  });
});

test("a card of Discord has its colour and no escapes", () => {
  const fields = [{ name: "Service", value: "A \\[b\\]" }];

  expect(
    pictureOf(sent("discord", { embeds: [{ color: 0xc92a2a, fields }] })),
  ).toMatchObject({
    colour: "#c92a2a",
    facts: [["Service", "A [b]"]],
    presses: [{ label: "Open", href: "https://x.example/i/1" }],
  });
});

test("whatever a payload holds, something is shown", () => {
  const channels = ["slack", "teams", "telegram", "discord", "mattermost"];
  for (const channel of [...channels, "ntfy", "web_push", "pushover", "voice"])
    for (const payload of [null, {}, { blocks: 1, body: [3], embeds: [null] }])
      expect(pictureOf(sent(channel, payload))).not.toBeNull();
});

test("mails and requests for programs are not drawn", () => {
  expect(pictureOf(sent("email"))).toBeNull();
  expect(pictureOf(sent("webhook", { type: "incident.page" }))).toBeNull();
});
