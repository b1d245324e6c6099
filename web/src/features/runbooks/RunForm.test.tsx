import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { RunFormOut } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { RunForm } from "./RunForm";

const server = testServer();
const FORM: RunFormOut = {
  runbook_id: "r1",
  version: 3,
  name: "Restart",
  description: "",
  run_class: "remediation",
  target: "webhook",
  parameters: {
    type: "object",
    properties: {
      host: { type: "string", title: "Host" },
      wait_s: { type: "integer", title: "Wait", enum: [10, 20] },
      note: { type: "string", title: "Note" },
    },
    required: ["host"],
  },
  values: { host: "edge-3", wait_s: 10 },
  connections: [{ id: "c1", name: "Runner" }],
  confirmation: null,
  may_run: true,
  why_not: null,
};

function started() {
  const bodies: unknown[] = [];
  server.on("POST /v1/runbooks/r1/runs", (body) => {
    bodies.push(body);
    return { status: 201, json: { id: "run1" } };
  });
  return bodies;
}

test("what the incident knows is filled in, and is sent as the schema has it", async () => {
  const bodies = started();
  show(<RunForm form={FORM} incidentId="i1" />);

  const host = await screen.findByLabelText(/Host/);
  expect(host).toHaveProperty("value", "edge-3");
  await userEvent.click(screen.getByRole("button", { name: "Run it" }));

  await expect
    .poll(() => bodies)
    .toEqual([
      {
        version: 3,
        parameters: { host: "edge-3", wait_s: 10 },
        incident_id: "i1",
        connection_id: "c1",
        confirmation: null,
      },
    ]);
});

test("what is destructive waits until its name is typed in", async () => {
  const bodies = started();
  const form = { ...FORM, confirmation: "Restart" };
  show(<RunForm form={form} incidentId={undefined} />);

  await userEvent.click(await screen.findByRole("button", { name: "Run it…" }));
  const dialog = await screen.findByRole("dialog");
  const run = within(dialog).getByRole("button", { name: "Run it" });
  expect(run).toHaveProperty("disabled", true);
  await userEvent.type(within(dialog).getByLabelText(/^Type/), "Restart");
  expect(bodies).toEqual([]);
  await userEvent.click(run);

  await expect.poll(() => bodies).toMatchObject([{ confirmation: "Restart" }]);
});

test("what may not run says why, and its button does nothing", async () => {
  const why = "this version is not approved";
  show(
    <RunForm
      form={{ ...FORM, may_run: false, why_not: why }}
      incidentId={undefined}
    />,
  );

  expect(await screen.findByText("This version is not approved.")).toBeTruthy();
  const run = screen.getByRole("button", { name: "Run it" });
  expect(run).toHaveProperty("disabled", true);
});
