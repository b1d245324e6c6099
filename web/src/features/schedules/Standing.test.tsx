import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../../test/render";
import { asTeamAdmin } from "../../test/team-admin";
import { Standing } from "./Standing";
import { FOLLOWING } from "./samples.testing";

test("a gap by design is told calmly, with its reason", async () => {
  const gap = { intended: true, reason: "Office closed" };
  show(
    <Standing schedule={{ ...FOLLOWING, on_call: [], gap }} />,
    asTeamAdmin(),
  );

  expect(await screen.findByText("Nobody, by design")).toBeTruthy();
  expect(screen.getByText("Office closed")).toBeTruthy();
});

test("a gap that nobody meant is loud", async () => {
  const gap = { intended: false, reason: null };
  show(
    <Standing schedule={{ ...FOLLOWING, on_call: [], gap }} />,
    asTeamAdmin(),
  );

  expect(await screen.findByText("Nobody is on call")).toBeTruthy();
});
