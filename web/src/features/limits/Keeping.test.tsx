import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import "../../api/errors";
import type { Retention } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { Keeping } from "./Keeping";

const server = testServer();
const KEPT: Retention = {
  raw_request_days: 30,
  notification_days: 365,
  finding: null,
  partition_count: 9,
  days_ahead: 7,
  unplaced_count: 0,
};
const PUT = "PUT /v1/retention";

async function box(label: string): Promise<HTMLInputElement> {
  return screen.findByLabelText<HTMLInputElement>(label);
}

test("what is kept how long is shown, and saved when it differs", async () => {
  let kept = KEPT;
  server.on("GET /v1/retention", () => ({ json: kept }));
  server.on(PUT, (body) => {
    kept = { ...KEPT, ...(body as Retention) };
    return { json: kept };
  });
  show(<Keeping />);

  const requests = await box("Days to keep what tools sent");
  expect(requests.value).toBe("30");
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
  expect(save.disabled).toBe(true);

  fireEvent.change(requests, { target: { value: "14" } });
  await waitFor(() => expect(save.disabled).toBe(false));
  fireEvent.click(save);

  await waitFor(() => expect(kept.raw_request_days).toBe(14));
  await waitFor(() => expect(save.disabled).toBe(true));
  expect(kept.notification_days).toBe(365);
});

test("nothing typed is for ever", async () => {
  let kept = KEPT;
  server.on("GET /v1/retention", () => ({ json: kept }));
  server.on(PUT, (body) => {
    kept = { ...KEPT, ...(body as Retention) };
    return { json: kept };
  });
  show(<Keeping />);

  const notifications = await box("Days to keep notifications");
  fireEvent.change(notifications, { target: { value: "" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => expect(kept.notification_days).toBeNull());
});

test("what is wrong with it is said, and so is why it was refused", async () => {
  const finding = "Nothing has been deleted for two days.";
  server.on("GET /v1/retention", () => ({ json: { ...KEPT, finding } }));
  server.on(PUT, () => ({
    status: 422,
    json: { code: "invalid", detail: "at least 30 days" },
  }));
  show(<Keeping />);

  await screen.findByText(finding);
  fireEvent.change(await box("Days to keep notifications"), {
    target: { value: "31" },
  });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));

  await screen.findByText(/at least 30 days/i);
});
