import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../../api/errors";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { AppModal } from "./AppModal";

const server = testServer();

test("the secret that somebody scans stays, whatever is asked for again", async () => {
  const secrets = ["FIRST", "SECOND"];
  server.on("POST /v1/me/totp", () => ({
    json: { secret: secrets.shift(), qr_svg: "<svg/>" },
  }));
  const queryClient = show(<AppModal onClose={() => {}} onCodes={() => {}} />);
  await screen.findByText("FIRST");

  await queryClient.invalidateQueries();

  expect(screen.queryByText("FIRST")).not.toBeNull();
  expect(server.asked).toEqual(["POST /v1/me/totp"]);
});
