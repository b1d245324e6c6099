import type { OutboxMessage } from "../../api/generated";

/** Something to press; without an address only the provider's own app can press it. */
export interface Press {
  label: string;
  href?: string;
}

/** What the provider's app would show, read from what it would have been sent. */
export interface Picture {
  look: "bubble" | "call" | "notification" | "card";
  title: string;
  body: string; // plain text, lines as they come
  facts: [string, string][];
  presses: Press[];
  colour?: string;
}

const LINKED = /^(Acknowledge|Resolve|Open): (\S+)$/gm;
const KEYS = ["1 acknowledge", "2 resolve", "3 escalate"];
const TEAMS_COLOURS: Record<string, string> = {
  Attention: "#c92a2a",
  Warning: "#f08c00",
};

/** How to draw it; nothing for what only programs read, and for mails. */
export function pictureOf(message: OutboxMessage): Picture | null {
  const draw = DRAWN[message.channel];
  return draw ? draw(message, thing(message.payload)) : null;
}

type Draw = (message: OutboxMessage, payload: Thing) => Picture;

const DRAWN: Record<string, Draw> = {
  sms: ({ text }) => ({ ...EMPTY, look: "bubble", body: text.trim() }),
  voice: ({ text }) => ({
    ...EMPTY,
    look: "call",
    body: text.trim(),
    presses: KEYS.map((label) => ({ label })),
  }),
  web_push: (_, payload) => ({
    ...EMPTY,
    title: words(payload.title),
    body: words(payload.body),
    presses: ["acknowledge", "resolve", "open"]
      .filter((verb) => words(payload[verb]))
      .map((verb) => ({ label: capital(verb), href: words(payload[verb]) })),
  }),
  ntfy: ({ text }, payload) => ({
    ...EMPTY,
    title: words(payload.title),
    body: withoutLinks(text),
    presses: things(payload.actions).map(({ label, url }) => ({
      label: words(label),
      href: words(url),
    })),
  }),
  pushover: ({ title, text }) => ({
    ...EMPTY,
    title,
    body: withoutLinks(text),
    presses: linksIn(text).slice(0, 1),
  }),
  slack: (message, payload) => {
    const blocks = things(payload.blocks);
    const of = (type: string) => blocks.find((block) => block.type === type);
    const section = words(thing(of("section")?.text).text);
    return {
      ...card(message),
      title: words(thing(of("header")?.text).text) || message.title,
      facts: unescaped(section).split("\n").flatMap(slackFact),
      presses: things(of("actions")?.elements).map((element) => ({
        label: words(thing(element.text).text),
        href: words(element.url) || undefined,
      })),
    };
  },
  teams: (message, payload) => {
    const [title, ...rows] = things(payload.body).map((block) =>
      things(block.inlines),
    );
    return {
      ...card(message),
      colour: TEAMS_COLOURS[words(title?.[0]?.color)],
      facts: rows.map((runs) => [
        words(runs[0]?.text).trim(),
        words(runs[1]?.text),
      ]),
    };
  },
  telegram: (message, payload) => {
    const [, ...rows] = unescaped(words(payload.text)).split("\n");
    const keyboard = list(thing(payload.reply_markup).inline_keyboard);
    return {
      ...card(message),
      facts: rows.map(fact),
      presses: keyboard.flatMap(things).map(({ text, url }) => ({
        label: words(text),
        href: words(url) || undefined,
      })),
    };
  },
  discord: (message, payload) => {
    const embed = things(payload.embeds)[0] ?? {};
    return {
      ...card(message),
      colour: hex(embed.color),
      facts: things(embed.fields).map(({ name, value }) => [
        words(name),
        plain(words(value)),
      ]),
    };
  },
  mattermost: (message, payload) => ({
    ...card(message),
    colour: words(payload.color),
    facts: things(payload.fields).map(({ title, value }) => [
      words(title),
      plain(words(value)),
    ]),
  }),
};

const EMPTY: Picture = {
  look: "notification",
  title: "",
  body: "",
  facts: [],
  presses: [],
};

/** A chat: whoever reads along may open the incident. */
function card({ title, text }: OutboxMessage): Picture {
  const presses = linksIn(text).filter(({ label }) => label === "Open");
  return { ...EMPTY, look: "card", title, presses };
}

function linksIn(text: string): Press[] {
  return [...text.matchAll(LINKED)].map(([, label = "", href]) => ({
    label,
    href,
  }));
}

function withoutLinks(text: string) {
  return text.replace(LINKED, "").trim();
}

function fact(line: string): [string, string] {
  const at = line.indexOf(": ");
  return at < 0 ? ["", line] : [line.slice(0, at), line.slice(at + 2)];
}

function slackFact(line: string): [string, string][] {
  const [, name, value] = /^\*(.+?):\* (.*)$/.exec(line) ?? [];
  return line ? [name && value ? [name, value] : ["", line]] : [];
}

/** Text of Slack and Telegram without their few tags and entities. */
function unescaped(text: string) {
  return text
    .replace(/<\/?b>|\u200b/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}

/** Markdown that was escaped. */
function plain(text: string) {
  return text.replace(/\\(?=[^\w\s])|\u200b/g, "");
}

function hex(colour: unknown) {
  return typeof colour === "number"
    ? `#${colour.toString(16).padStart(6, "0")}`
    : undefined;
}

function capital(word: string) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

// reading JSON of which nothing is known

type Thing = Record<string, unknown>;

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function thing(value: unknown): Thing {
  return isThing(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function things(value: unknown): Thing[] {
  return list(value).filter(isThing);
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}
