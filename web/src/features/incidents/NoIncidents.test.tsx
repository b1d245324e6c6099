import { QueryClient } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { NoIncidents } from "./NoIncidents";

const server = testServer();
const SOMETHING = [{ id: "x" }];

/** The empty list of a platform admin, of an installation that has this much. */
function showEmpty(has: { teams: object[]; integrations: object[] }) {
  const queryClient = new QueryClient();
  queryClient.setQueryData(["me"], { platform_admin: true, memberships: [] });
  const page = (items: object[]) => ({ json: { items, next_cursor: null } });
  server.on("GET /v1/teams", () => ({ json: has.teams }));
  server.on("GET /v1/escalation-policies", () => ({ json: has.integrations }));
  server.on("GET /v1/services", () => page(has.integrations));
  server.on("GET /v1/integrations", () => page(has.integrations));
  show(
    <NoIncidents filters={{ tab: "open" }} onChange={() => {}} />,
    queryClient,
  );
}

test("an empty installation says what to do next, with one button", async () => {
  showEmpty({ teams: SOMETHING, integrations: [] });

  const next = await screen.findByRole("link", { name: "Say who is paged" });

  expect(next.getAttribute("href")).toBe("/policies/new");
  expect(screen.getAllByRole("link")).toHaveLength(1);
  expect(screen.getAllByLabelText("done")).toHaveLength(1);
});

test("once a tool is connected, an empty list is good news", async () => {
  showEmpty({ teams: SOMETHING, integrations: SOMETHING });

  expect(await screen.findByText("All quiet")).toBeTruthy();
});
