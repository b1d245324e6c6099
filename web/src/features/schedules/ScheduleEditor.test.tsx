import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { type Draft, newDraft } from "./draft";
import { ScheduleEditor } from "./ScheduleEditor";
import { timeline } from "./samples.testing";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const SAVE = "POST /v1/schedules";
const PREVIEW = "POST /v1/schedules/preview";
const server = testServer();

function draft(more: Partial<Draft> = {}): Draft {
  const begun = newDraft("t1", "Europe/Berlin", NOW);
  const users = [
    { id: "u1", name: "Ana" },
    { id: "u2", name: "Bo" },
  ];
  const layers = begun.layers.map((layer) => ({ ...layer, users }));
  return { ...begun, name: "Database", layers, ...more };
}

beforeEach(() => {
  server.on("GET /v1/users", () => ({
    json: { items: [], next_cursor: null },
  }));
  server.on(PREVIEW, () => ({
    json: { timeline: timeline(), findings: [] },
  }));
});

function edit(initial: Draft, onSaved = vi.fn()) {
  show(
    <ScheduleEditor initial={initial} onCancel={() => {}} onSaved={onSaved} />,
    asTeamAdmin(),
  );
  return onSaved;
}

const add = () => screen.findByRole("button", { name: "Add the schedule" });

test("people are sent in the order into which they were moved", async () => {
  const saved = vi.fn(() => ({ json: { id: "s1" } }));
  server.on(SAVE, saved);
  const onSaved = edit(draft());

  await userEvent.click(
    await screen.findByRole("button", { name: "Move Bo up" }),
  );
  await userEvent.click(await add());

  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(saved).toHaveBeenCalledWith(
    expect.objectContaining({
      layers: [expect.objectContaining({ user_ids: ["u2", "u1"] })],
    }),
  );
});

test("a layer of nobody is refused beside its people", async () => {
  edit(newDraft("t1", "UTC", NOW));

  await userEvent.click(await add());

  expect(screen.getByRole("alert").textContent).toBe("Add at least one person");
  expect(server.asked).not.toContain(SAVE);
});

test("a template brings its layers, and asks for people in each", async () => {
  edit(newDraft("t1", "UTC", NOW));

  await userEvent.click(
    await screen.findByRole("button", { name: "Follow the sun" }),
  );

  const names = ["Asia-Pacific", "Europe and Africa", "Americas"];
  for (const [at, name] of names.entries()) {
    const layer = screen.getByRole("region", { name: `Layer ${at + 1}` });
    expect(within(layer).getByDisplayValue(name)).toBeTruthy();
    expect(
      within(layer).getByRole("combobox", { name: `Add a person to ${name}` }),
    ).toBeTruthy();
  }
});

test("what the schedule would make is drawn while one edits", async () => {
  server.on(PREVIEW, () => ({
    json: {
      timeline: timeline(),
      findings: [
        {
          code: "gap",
          severity: "error",
          detail: "Nobody is on call for 24 h",
          start: null,
          end: null,
        },
      ],
    },
  }));
  edit(draft());

  // drawn once one has stopped typing
  const finding = { timeout: 10_000 };
  expect(
    await screen.findByText("Nobody is on call for 24 h", {}, finding),
  ).toBeTruthy();
  expect(screen.getByRole("list", { name: "On call" })).toBeTruthy();
  expect(server.asked).toContain(PREVIEW);
});

test("why the server refuses is said in one line", async () => {
  server.on(SAVE, () => ({
    status: 403,
    json: {
      code: "forbidden",
      detail: "you may not change what belongs to this team",
    },
  }));
  edit(draft());

  await userEvent.click(await add());

  expect((await screen.findByRole("alert")).textContent).toBe(
    "You may not change what belongs to this team.",
  );
  expect(screen.getByDisplayValue("Database")).toBeTruthy();
});

test("only teams that one administers can be chosen", async () => {
  edit(draft());

  await userEvent.click(await screen.findByRole("combobox", { name: "Team" }));

  const names = screen.getAllByRole("option").map((each) => each.textContent);
  expect(names).toEqual(["Payments"]);
});
