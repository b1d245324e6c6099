import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import type { Draft } from "./draft";
import { ScheduleEditor } from "./ScheduleEditor";

const DRAFT: Draft = {
  name: "Primary",
  team_id: "t1",
  time_zone: "Europe/Berlin",
  date: "2026-07-01",
  time: "09:00",
  turn_days: 7,
  users: [
    { id: "u1", name: "Ana" },
    { id: "u2", name: "Bo" },
  ],
};

const SAVE = "POST /v1/schedules";
const server = testServer();

beforeEach(() => {
  server.on("GET /v1/users", () => ({
    json: { items: [], next_cursor: null },
  }));
});

function edit(initial: Draft, onSaved = vi.fn()) {
  show(
    <ScheduleEditor initial={initial} onCancel={() => {}} onSaved={onSaved} />,
    asTeamAdmin(),
  );
  return onSaved;
}

test("the first hand-off is sent as an instant of the schedule's zone", async () => {
  const saved = vi.fn(() => ({ json: { id: "s1" } }));
  server.on(SAVE, saved);
  const onSaved = edit(DRAFT);

  await userEvent.click(
    await screen.findByRole("button", { name: "Move Bo up" }),
  );
  await userEvent.click(
    screen.getByRole("button", { name: "Add the schedule" }),
  );

  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(saved).toHaveBeenCalledWith({
    name: "Primary",
    team_id: "t1",
    time_zone: "Europe/Berlin",
    layers: [
      {
        start_at: "2026-07-01T07:00:00.000Z",
        turn_days: 7,
        user_ids: ["u2", "u1"],
      },
    ],
  });
});

test("a schedule of nobody is refused beside the people", async () => {
  edit({ ...DRAFT, users: [] });

  await userEvent.click(
    await screen.findByRole("button", { name: "Add the schedule" }),
  );

  expect(screen.getByRole("alert").textContent).toBe("Add at least one person");
  expect(server.asked).not.toContain(SAVE);
});

test("why the server refuses is said in one line", async () => {
  server.on(SAVE, () => ({
    status: 403,
    json: {
      code: "forbidden",
      detail: "you may not change what belongs to this team",
    },
  }));
  edit(DRAFT);

  await userEvent.click(
    await screen.findByRole("button", { name: "Add the schedule" }),
  );

  expect((await screen.findByRole("alert")).textContent).toBe(
    "You may not change what belongs to this team.",
  );
  expect(screen.getByDisplayValue("Primary")).toBeTruthy();
});

test("only teams that one administers can be chosen", async () => {
  edit(DRAFT);

  await userEvent.click(await screen.findByRole("combobox", { name: "Team" }));

  const names = screen.getAllByRole("option").map((each) => each.textContent);
  expect(names).toEqual(["Payments"]);
});
