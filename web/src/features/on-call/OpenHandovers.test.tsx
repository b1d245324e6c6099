import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { OpenHandovers } from "./OpenHandovers";
import { cover, swap } from "./samples.testing";
import { useHandovers } from "./use-handovers";

const server = testServer();

function Answers() {
  const { toAnswer } = useHandovers();
  return <OpenHandovers title="For you to answer" handovers={toAnswer} />;
}

test("who was first is said also when the request has left the list", async () => {
  const open = [cover("c1")];
  server.on("GET /v1/me/swaps", () => ({ json: [] }));
  server.on("GET /v1/me/cover-requests", () => ({ json: open }));
  server.on("PUT /v1/cover-requests/c1/acceptance", () => {
    open.pop();
    return {
      status: 409,
      json: { code: "conflict", detail: "Cy has it already" },
    };
  });
  show(<Answers />, asTeamAdmin());

  await userEvent.click(
    await screen.findByRole("button", { name: "I take it" }),
  );

  await waitFor(() => expect(screen.queryByRole("list")).toBeNull());
  expect(screen.getByRole("alert").textContent).toBe(
    "Bo asks for cover in Payments: Cy has it already.",
  );
});

test("an offer whose shifts have changed stays, with the reason in its row", async () => {
  server.on("GET /v1/me/swaps", () => ({ json: [swap("s1"), swap("s2")] }));
  server.on("GET /v1/me/cover-requests", () => ({ json: [] }));
  server.on("PUT /v1/swaps/s2/acceptance", () => ({
    status: 409,
    json: { code: "conflict", detail: "the shifts have changed since" },
  }));
  show(<Answers />, asTeamAdmin());

  const [, second] = await screen.findAllByRole("button", { name: "Accept" });
  if (second) await userEvent.click(second);

  const alert = await screen.findByRole("alert");
  expect(screen.getAllByRole("listitem")[1]?.contains(alert)).toBe(true);
  expect(alert.textContent).toBe("The shifts have changed since.");
});
