import { QueryClient } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import "../../api/errors";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { IncidentOut, Me } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { IncidentList } from "./IncidentList";
import { listQuery } from "./queries";
import { anIncident } from "./samples.testing";

const server = testServer();
const ACKNOWLEDGE = "/v1/incidents/i1/acknowledgement";
const ANA = { id: "u1", name: "Ana" };
const OBSERVER = { platform_admin: false };

function List() {
  const query = useInfiniteQuery(listQuery({ tab: "open" }));
  const incidents = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <IncidentList
      incidents={incidents}
      selected={new Set()}
      onSelect={() => {}}
      onSelectAll={async () => {}}
      more={query}
    />
  );
}

/** The list of one incident, which the server keeps in `state`. */
async function showList(
  state: { incident: IncidentOut },
  me: Partial<Me> = { platform_admin: true },
) {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 60_000 } },
  });
  queryClient.setQueryData(["me"], {
    ...ANA,
    email: "ana@example.org",
    time_zone: "UTC",
    memberships: [],
    demo: false,
    ...me,
  });
  server.on("GET /v1/incidents", () => ({
    json: { items: [state.incident], next_cursor: null },
  }));
  show(<List />, queryClient);
  await screen.findByText("Triggered");
}

test("a acknowledges the row that has the focus, before the server answers; undo takes it back", async () => {
  const state = { incident: anIncident() };
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  server.on(`PUT ${ACKNOWLEDGE}`, async () => {
    await released;
    state.incident = anIncident({
      status: "acknowledged",
      acknowledged_by: ANA,
    });
    return { json: state.incident };
  });
  server.on(`DELETE ${ACKNOWLEDGE}`, () => {
    state.incident = anIncident();
    return { json: state.incident };
  });
  await showList(state);

  await userEvent.keyboard("j");
  expect(document.activeElement?.textContent).toBe("Disk full");
  await userEvent.keyboard("a");

  expect(await screen.findByText("Acknowledged")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  release();
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Triggered")).toBeTruthy();
  await waitFor(() => expect(server.asked).toContain(`DELETE ${ACKNOWLEDGE}`));
});

test("what the server refuses is put back", async () => {
  const state = { incident: anIncident() };
  server.on(`PUT ${ACKNOWLEDGE}`, () => ({
    status: 409,
    json: { code: "conflict", detail: "it is already resolved" },
  }));
  await showList(state);

  await userEvent.keyboard("ja");

  await waitFor(() => expect(server.asked).toContain(`PUT ${ACKNOWLEDGE}`));
  expect(await screen.findByText("Triggered")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("who may only look can select nothing and change nothing", async () => {
  const state = { incident: anIncident() };
  await showList(state, OBSERVER);

  await userEvent.keyboard("jxars");

  expect(screen.queryByRole("checkbox")).toBeNull();
  expect(server.asked.filter((each) => !each.startsWith("GET"))).toEqual([]);
});

test("who was asked to help acts on the incident of another team", async () => {
  const state = { incident: anIncident({ responders: [ANA] }) };
  server.on(`PUT ${ACKNOWLEDGE}`, () => ({ json: state.incident }));
  await showList(state, OBSERVER);

  await userEvent.keyboard("ja");

  expect(screen.getAllByRole("checkbox").length).toBeGreaterThan(0);
  await waitFor(() => expect(server.asked).toContain(`PUT ${ACKNOWLEDGE}`));
});
