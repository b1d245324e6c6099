import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { newDraft } from "./draft";
import { RuleEditor } from "./RuleEditor";

const TRIAL = "POST /v1/routing-rules/test";
const FOUND = {
  requests: 1000,
  alerts: 412,
  matched: 37,
  suppressed: 5,
  held: 0,
  failures: 0,
  last_failure: null,
  examples: [
    {
      request_id: "q1",
      received_at: "2026-01-01T00:00:00Z",
      service: "Checkout",
      title: "Disk is full",
      severity: "warning",
      dedup_key: "k",
      suppressed_by: "known",
    },
  ],
};
// a trial waits until one stops typing
const PATIENCE = { timeout: 10_000 };
const server = testServer();

beforeEach(() => {
  server.on(TRIAL, () => ({ json: FOUND }));
});

function edit(onSaved = vi.fn()) {
  show(
    <RuleEditor
      initial={newDraft("t1")}
      onCancel={() => {}}
      onSaved={onSaved}
    />,
    asTeamAdmin(),
  );
  return onSaved;
}

test("a condition that is put together is tried as it is finished", async () => {
  edit();

  await userEvent.type(
    await screen.findByRole("combobox", { name: "Value of line 1" }),
    "disk",
  );

  expect(
    await screen.findByText(
      /Would have matched 37 of 412 alerts, suppressed 5/,
      {},
      PATIENCE,
    ),
  ).toBeTruthy();
  const examples = screen.getByRole("list", { name: "Examples" });
  expect(within(examples).getByText(/nobody is told: known/)).toBeTruthy();
  expect(screen.getByText('title.contains("disk")')).toBeTruthy();
});

test("what is wrong in CEL is said below it, before anything is saved", async () => {
  server.on(TRIAL, () => ({
    status: 422,
    json: { code: "invalid", detail: "there is no field 'titel'" },
  }));
  edit();

  await userEvent.click(
    await screen.findByRole("radio", { name: "Write CEL" }),
  );
  await userEvent.type(
    screen.getByRole("textbox", { name: "Condition" }),
    'titel == "x"',
  );

  const box = screen.getByRole("textbox", { name: "Condition" });
  await waitFor(
    () => expect(box.getAttribute("aria-invalid")).toBe("true"),
    PATIENCE,
  );
  expect(screen.getAllByText("There is no field 'titel'.")[0]).toBeTruthy();
});

test("a rule that says nothing is not sent, and says what it lacks", async () => {
  const onSaved = edit();

  await userEvent.click(
    await screen.findByRole("button", { name: "Add the rule" }),
  );

  expect(screen.getByText("A rule needs a name")).toBeTruthy();
  expect(screen.getByText("Say what the rule does")).toBeTruthy();
  expect(screen.getByText("Say what to compare it with")).toBeTruthy();
  const name = screen.getByRole("textbox", { name: /Name/ });
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(onSaved).not.toHaveBeenCalled();
});
