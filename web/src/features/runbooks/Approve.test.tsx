import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { VersionOut } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { Approve } from "./Approve";

const server = testServer();
const APPROVALS = "POST /v1/runbooks/r1/versions/2/approvals";
const AT = "2026-03-02T09:00:00Z";
const VERSION: VersionOut = {
  number: 2,
  state: "in_review",
  content_hash: "a".repeat(64),
  note: "",
  author: { id: "bo", name: "Bo" },
  created_at: AT,
  submitted_at: AT,
  deprecated_at: null,
  content: { name: "Restart", target: "webhook", connection_ids: ["c1"] },
  approvals: [],
  approvals_needed: 1,
  comments: [],
  may_approve: true,
};

test("approving asks for the password only when the server wants it, and sends what was shown", async () => {
  let confirmed: unknown;
  let approved: unknown;
  server.on("GET /v1/me/factors", () => ({
    json: {
      password: true,
      totp: null,
      passkeys: [],
      passkey_host: "",
      recovery_codes: 0,
    },
  }));
  server.on("POST /v1/session/confirm", (body) => {
    confirmed = body;
    return { json: { until: AT } };
  });
  server.on(APPROVALS, (body) => {
    if (!confirmed)
      return {
        status: 403,
        json: { code: "not_confirmed", detail: "confirm that it is you" },
      };
    approved = body;
    return { status: 201, json: { ...VERSION, state: "approved" } };
  });
  show(<Approve runbookId="r1" version={VERSION} />, asTeamAdmin());

  await userEvent.click(
    await screen.findByRole("button", { name: "Approve…" }),
  );
  expect(screen.queryByLabelText(/Your password/)).toBeNull();
  await userEvent.type(await screen.findByLabelText("Comment"), "Looks right");
  await userEvent.click(screen.getByRole("button", { name: "Approve it" }));
  await userEvent.type(
    await screen.findByLabelText(/Your password/),
    "secret words",
  );
  await userEvent.click(screen.getByRole("button", { name: "Confirm" }));

  expect(await screen.findByText(/Version 2 is approved/)).toBeTruthy();
  expect(confirmed).toEqual({ password: "secret words" });
  expect(approved).toEqual({
    content_hash: VERSION.content_hash,
    comment: "Looks right",
  });
});
