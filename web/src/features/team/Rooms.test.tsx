import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { Rooms } from "./Rooms";

const TEAM = {
  id: "t1",
  name: "Payments",
  description: "",
  member_count: 2,
  hidden: false,
};
const ROOM = {
  id: "r1",
  team: { id: "t1", name: "Payments" },
  channel: "discord",
  name: "Ops",
  recipient: "discord.com",
  address: null,
  created_at: "2026-03-02T09:00:00Z",
  disabled_at: null,
  disabled_reason: null,
  unverified_since: null,
  proven_at: null,
};
const DISCORD = {
  kind: "discord",
  title: "Discord",
  summary: "",
  set_up: true,
  address_schema: {},
  user_addable: true,
  verify: "code",
  link_line: null,
  how_to: "# Discord\n\nCopy the address.",
  team_target: true,
  room_schema: {
    type: "object",
    required: ["url"],
    properties: {
      url: { type: "string", format: "uri", title: "Webhook address" },
    },
  },
  wakes: true,
  setup: null,
};
const PHONE = { ...DISCORD, kind: "sms", title: "SMS", team_target: false };
const NOTHING = { items: [], next_cursor: null };
const server = testServer();

beforeEach(() => {
  server.on("GET /v1/channels", () => ({ json: [DISCORD, PHONE] }));
  server.on("GET /v1/notifications", () => ({ json: NOTHING }));
});

test("a room is added, and proven by a code that is posted there", async () => {
  server.on("GET /v1/rooms", () => ({ json: [] }));
  const created = vi.fn((_body: unknown) => ({
    json: { ...ROOM, unverified_since: ROOM.created_at, secret: null },
  }));
  const checked = vi.fn((_body: unknown) => ({ json: { verified: true } }));
  server.on("POST /v1/rooms", created);
  server.on("POST /v1/rooms/r1/verification", () => ({
    json: { notification_id: "n1", expires_at: "2026-03-02T09:10:00Z" },
  }));
  server.on("PUT /v1/rooms/r1/verification", checked);
  show(<Rooms team={TEAM} mayEdit />, asTeamAdmin());

  await userEvent.click(
    await screen.findByRole("button", { name: "Add a room" }),
  );
  await userEvent.click(await screen.findByRole("combobox", { name: "Chat" }));
  expect(screen.queryByRole("option", { name: "SMS" })).toBeNull();
  await userEvent.click(screen.getByRole("option", { name: "Discord" }));
  await userEvent.type(screen.getByRole("textbox", { name: /^Name/ }), "Ops");
  await userEvent.type(
    screen.getByRole("textbox", { name: /Webhook address/ }),
    "https://discord.com/x",
  );
  await userEvent.click(
    screen.getByRole("button", { name: "Add it and post a code" }),
  );

  const code = await screen.findByRole("textbox", { name: "Code" });
  await userEvent.type(code, "123456");
  await userEvent.click(screen.getByRole("button", { name: "Check the code" }));

  await waitFor(() => expect(checked).toHaveBeenCalledWith({ code: "123456" }));
  expect(created).toHaveBeenCalledWith({
    team_id: "t1",
    channel: "discord",
    name: "Ops",
    address: { url: "https://discord.com/x" },
  });
});

test("a room that was switched off says why, and is used again", async () => {
  const off = {
    disabled_at: ROOM.created_at,
    disabled_reason: "Discord answered 404",
  };
  server.on("GET /v1/rooms", () => ({ json: [{ ...ROOM, ...off }] }));
  const changed = vi.fn((_body: unknown) => ({ json: ROOM }));
  server.on("PATCH /v1/rooms/r1", changed);
  show(<Rooms team={TEAM} mayEdit />, asTeamAdmin());

  const rows = await screen.findByRole("list", { name: "Rooms" });
  expect(within(rows).getByText("Discord answered 404")).toBeTruthy();
  await userEvent.click(
    within(rows).getByRole("button", { name: "Use it again" }),
  );

  await waitFor(() =>
    expect(changed).toHaveBeenCalledWith({ disabled: false }),
  );
});

test("who only reads along changes nothing", async () => {
  server.on("GET /v1/rooms", () => ({ json: [ROOM] }));
  show(<Rooms team={TEAM} mayEdit={false} />, asTeamAdmin());

  await screen.findByText("Ops");
  expect(screen.queryByRole("button")).toBeNull();
});

test("another name is given, and the rest stays as it was", async () => {
  const url = "https://discord.com/x";
  server.on("GET /v1/rooms", () => ({ json: [{ ...ROOM, address: { url } }] }));
  const changed = vi.fn((_body: unknown) => ({ json: ROOM }));
  server.on("PATCH /v1/rooms/r1", changed);
  show(<Rooms team={TEAM} mayEdit />, asTeamAdmin());

  await userEvent.click(
    await screen.findByRole("button", { name: "More of Ops" }),
  );
  await userEvent.click(
    await screen.findByRole("menuitem", { name: "Change…" }),
  );
  const name = await screen.findByRole("textbox", { name: /^Name/ });
  await userEvent.clear(name);
  await userEvent.type(name, "Nights");
  await userEvent.click(screen.getByRole("button", { name: "Save the room" }));

  await waitFor(() =>
    expect(changed).toHaveBeenCalledWith({ name: "Nights", address: { url } }),
  );
});
