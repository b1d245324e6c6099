import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { PolicyEditor } from "./PolicyEditor";
import { EXPLAINED, PLAIN_POLICY, PLAIN_STEP } from "./samples.testing";

const POLICY = {
  id: "p1",
  name: "Around the clock",
  team: { id: "t1", name: "Payments" },
  repeats: 1,
  services: [],
  ...PLAIN_POLICY,
  steps: [
    {
      ...PLAIN_STEP,
      timeout_s: 300,
      targets: [
        {
          kind: "schedule" as const,
          id: "s1",
          which: "current" as const,
          name: "Primary",
          hidden: false,
        },
      ],
    },
    {
      ...PLAIN_STEP,
      timeout_s: 600,
      targets: [
        {
          kind: "user" as const,
          id: "u1",
          which: "current" as const,
          name: "Bo",
          hidden: false,
        },
      ],
    },
  ],
};

const SAVE = "PUT /v1/escalation-policies/p1";
// what is typed is asked about only when nobody types any more
configure({ asyncUtilTimeout: 10_000 });
const server = testServer();

beforeEach(() => {
  server.on("POST /v1/explain", () => ({ json: EXPLAINED }));
  server.on("GET /v1/schedules", () => ({ json: [] }));
  server.on("GET /v1/teams", () => ({ json: [] }));
  server.on("GET /v1/users", () => ({
    json: { items: [], next_cursor: null },
  }));
});

function edit(onSaved = vi.fn()) {
  show(
    <PolicyEditor
      policy={POLICY}
      teamId="t1"
      onCancel={() => {}}
      onSaved={onSaved}
    />,
    asTeamAdmin(),
  );
  return onSaved;
}

test("a step moves by keyboard, and the sentence follows", async () => {
  edit();

  (await screen.findByRole("button", { name: "Move step 2 up" })).focus();
  await userEvent.keyboard("{Enter}");

  expect(
    screen.getByText(/^Page Bo, wait 10 min, then page whoever is on call/),
  ).toBeTruthy();
});

test("the whole policy is sent in seconds", async () => {
  const saved = vi.fn(() => ({ json: POLICY }));
  server.on(SAVE, saved);
  const onSaved = edit();

  const wait = await screen.findByRole("textbox", { name: "Wait of step 2" });
  await userEvent.clear(wait);
  await userEvent.type(wait, "2");
  await userEvent.click(
    screen.getByRole("button", { name: "Save the policy" }),
  );

  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(saved).toHaveBeenCalledWith({
    name: "Around the clock",
    team_id: "t1",
    repeats: 1,
    ...PLAIN_POLICY,
    steps: [
      {
        ...PLAIN_STEP,
        timeout_s: 300,
        targets: [{ kind: "schedule", id: "s1", which: "current" }],
      },
      {
        ...PLAIN_STEP,
        timeout_s: 120,
        targets: [{ kind: "user", id: "u1", which: "current" }],
      },
    ],
  });
});

test("what the draft does is shown beside it, and what is wrong at its step", async () => {
  const asked = vi.fn((_body: unknown) => ({ json: EXPLAINED }));
  server.on("POST /v1/explain", asked);
  edit();

  const minutes = await screen.findByRole("list", { name: "Minute by minute" });
  expect(minutes.textContent).toContain("Cy by e-mail");
  expect(minutes.textContent).toContain("step 1: on call for Primary");
  const step = screen.getByRole("listitem", { name: "Step 2" });
  expect(within(step).getByText(/no contact method that works/)).toBeTruthy();
  // what the test before had typed may still be on its way, and is another draft
  const ours = () =>
    asked.mock.calls.filter(([body]) =>
      JSON.stringify(body).includes('"timeout_s":600'),
    );
  expect(ours()).toHaveLength(1);

  await userEvent.click(screen.getByText("Not urgent"));
  await waitFor(() => expect(ours()).toHaveLength(2));
  expect(ours()[1]?.[0]).toMatchObject({ urgency: "low", at: null });
});

test("options that few need are folded away, and sent", async () => {
  const saved = vi.fn((_body: unknown) => ({ json: POLICY }));
  server.on(SAVE, saved);
  const onSaved = edit();

  const more = await screen.findByRole("button", {
    name: "More settings of step 1",
  });
  expect(more.getAttribute("aria-expanded")).toBe("false");
  await userEvent.click(more);
  const step = screen.getByRole("listitem", { name: "Step 1" });
  await userEvent.click(
    await within(step).findByRole("checkbox", { name: "Take turns" }),
  );
  await userEvent.click(
    within(step).getByRole("checkbox", { name: /Wait until/ }),
  );
  await userEvent.click(
    screen.getByRole("checkbox", { name: /acknowledged and forgotten/ }),
  );
  await userEvent.click(
    screen.getByRole("button", { name: "Save the policy" }),
  );

  await waitFor(() => expect(onSaved).toHaveBeenCalled());
  expect(saved.mock.calls[0]?.[0]).toMatchObject({
    ack_timeout_s: 1800,
    steps: [
      {
        round_robin: true,
        wait_for: {
          windows: [
            { weekdays: [0, 1, 2, 3, 4], start: "09:00", end: "17:00" },
          ],
        },
      },
      { round_robin: false, wait_for: null },
    ],
  });
});

test("a step that pages nobody is refused beside it", async () => {
  edit();

  await userEvent.click(
    await screen.findByRole("button", { name: "Do not page Bo" }),
  );
  await userEvent.click(
    screen.getByRole("button", { name: "Save the policy" }),
  );

  const step = screen.getByRole("listitem", { name: "Step 2" });
  expect(within(step).getByRole("alert").textContent).toBe("Say who is paged");
  expect(server.asked).not.toContain(SAVE);
});

test("what was typed is kept when the server refuses it", async () => {
  server.on(SAVE, () => ({
    status: 422,
    json: {
      code: "invalid",
      detail: "not as expected",
      errors: [
        { pointer: "/body/name", detail: "another policy has this name" },
      ],
    },
  }));
  edit();

  const name = await screen.findByRole("textbox", { name: "Name" });
  await userEvent.clear(name);
  await userEvent.type(name, "Nights");
  await userEvent.click(
    screen.getByRole("button", { name: "Save the policy" }),
  );

  expect(await screen.findByText("Another policy has this name")).toBeTruthy();
  expect(screen.getByDisplayValue("Nights")).toBeTruthy();
});
