import { QueryClient } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { NoIncidents } from "./NoIncidents";

const server = testServer();
const TEAM = { id: "t1", name: "Web" };
const ADMIN = { platform_admin: true, memberships: [] };
const TEAM_ADMIN = {
  platform_admin: false,
  memberships: [{ team: TEAM, role: "team_admin" }],
};
const RESPONDER = {
  platform_admin: false,
  memberships: [{ team: TEAM, role: "responder" }],
};

/** The empty list of somebody, where there is this much. */
function showEmpty(me: object, has: { integrations: object[] }) {
  const queryClient = new QueryClient();
  queryClient.setQueryData(["me"], me);
  const page = (items: object[]) => ({ json: { items, next_cursor: null } });
  server.on("GET /v1/services", () => page([{ id: "s1" }]));
  server.on("GET /v1/services/s1/integrations", () => ({
    json: has.integrations,
  }));
  server.on("GET /v1/integrations", () => page(has.integrations));
  show(
    <NoIncidents filters={{ tab: "open" }} onChange={() => {}} />,
    queryClient,
  );
}

test.each([ADMIN, TEAM_ADMIN])(
  "whoever can set paging up is led there while nothing is connected",
  async (me) => {
    showEmpty(me, { integrations: [] });

    const next = await screen.findByRole("link", { name: "Set up paging" });

    expect(next.getAttribute("href")).toBe("/set-up");
  },
);

test("once a tool is connected, an empty list is good news", async () => {
  showEmpty(TEAM_ADMIN, { integrations: [{ id: "x" }] });

  expect(await screen.findByText("All quiet")).toBeTruthy();
});

test("whoever cannot set it up is not told to", async () => {
  showEmpty(RESPONDER, { integrations: [] });

  expect(await screen.findByText("All quiet")).toBeTruthy();
});
