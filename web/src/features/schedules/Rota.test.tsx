import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { BlockSheet } from "./BlockSheet";
import { type Block, lanesOf } from "./lanes";
import { OverrideForm } from "./OverrideForm";
import { FOLLOWING, timeline } from "./samples.testing";

const OVERRIDES = "POST /v1/schedules/s1/overrides";
const AHEAD = Date.parse("2099-01-01T00:00:00Z");
const server = testServer();

function sheet(
  block: Block,
  mayEdit: boolean,
  { onWish = vi.fn(), onGive = vi.fn() } = {},
) {
  show(
    <BlockSheet
      block={block}
      schedule={FOLLOWING}
      zone="UTC"
      mayCover
      mayEdit={mayEdit}
      onWish={onWish}
      onGive={onGive}
      onClose={() => {}}
    />,
    asTeamAdmin(),
  );
  return { onWish, onGive };
}

function ofBo(): Block {
  const [final] = lanesOf(timeline());
  const block = final?.blocks.find(({ user }) => user?.name === "Bo");
  if (!block) throw new Error("the sample has no Bo");
  return { ...block, start: AHEAD, end: AHEAD + 3_600_000 };
}

test("a shift of somebody else can be taken over as it is", async () => {
  const { onWish } = sheet(ofBo(), false);

  await userEvent.click(
    await screen.findByRole("button", { name: "Take it over" }),
  );

  expect(onWish).toHaveBeenCalledWith({
    start: AHEAD,
    end: AHEAD + 3_600_000,
    user: { id: "me", name: "Ana" },
    replaces: { id: "bo", name: "Bo" },
  });
});

test("a shift of one's own can be offered, and cover be asked for", async () => {
  const { onGive } = sheet(
    { ...ofBo(), user: { id: "me", name: "Ana" }, override: undefined },
    false,
  );
  const shift = { start: AHEAD, end: AHEAD + 3_600_000 };

  await userEvent.click(
    await screen.findByRole("button", { name: "Offer it to somebody" }),
  );
  expect(onGive).toHaveBeenLastCalledWith("swap", shift);
  await userEvent.click(screen.getByRole("button", { name: "Ask for cover" }));
  expect(onGive).toHaveBeenLastCalledWith("cover", shift);
  expect(screen.queryByRole("button", { name: "Take it over" })).toBeNull();
});

test("nobody else's shift can be given away", async () => {
  sheet(ofBo(), true);

  await screen.findByRole("button", { name: "Take it over" });

  expect(screen.queryByRole("button", { name: "Ask for cover" })).toBeNull();
});

test("who may not edit is offered nothing that would be refused", async () => {
  sheet(ofBo(), false);

  await screen.findByRole("button", { name: "Take it over" });

  for (const name of ["Put somebody else on call", "Remove the override"])
    expect(screen.queryByRole("button", { name })).toBeNull();
});

test("an override is taken back", async () => {
  const removed = vi.fn(() => ({ status: 204 }));
  server.on("DELETE /v1/schedules/s1/overrides/o1", removed);
  sheet(ofBo(), true);

  await userEvent.click(
    await screen.findByRole("button", { name: "Remove the override" }),
  );

  await waitFor(() => expect(removed).toHaveBeenCalledOnce());
});

test("why an override is refused is said in the form, and nothing typed is lost", async () => {
  server.on("GET /v1/schedules/s1/timeline", () => ({ json: timeline() }));
  server.on("GET /v1/users", () => ({
    json: { items: [], next_cursor: null },
  }));
  server.on(OVERRIDES, () => ({
    status: 409,
    json: { code: "conflict", detail: "it overlaps another one" },
  }));
  show(
    <OverrideForm
      schedule={FOLLOWING}
      wish={{ start: AHEAD, end: AHEAD + 3_600_000 }}
      zone="UTC"
      mayEdit
      onClose={() => {}}
    />,
    asTeamAdmin(),
  );
  const dialog = await screen.findByRole("dialog");

  await userEvent.type(within(dialog).getByLabelText("Why"), "Dentist");
  await userEvent.click(
    within(dialog).getByRole("button", { name: "Put Ana on call" }),
  );

  expect((await within(dialog).findByRole("alert")).textContent).toBe(
    "It overlaps another one.",
  );
  expect(within(dialog).getByDisplayValue("Dentist")).toBeTruthy();
});
