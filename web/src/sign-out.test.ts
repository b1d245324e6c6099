import { expect, test, vi } from "vitest";
import "./api/errors";
import { createQueryClient } from "./app/query-client";
import { meQuery } from "./me";
import { signOut } from "./sign-out";
import { testServer } from "./test/server";

const server = testServer();

function asker() {
  const signedOut = vi.fn();
  const queryClient = createQueryClient(signedOut);
  server.on("GET /v1/me", () => ({ status: 401, json: { detail: "Sign in" } }));
  const ask = () => queryClient.fetchQuery(meQuery).catch(() => {});
  return { signedOut, ask };
}

test("signing out that failed leaves the page as watchful as before", async () => {
  const { signedOut, ask } = asker();

  await expect(signOut()).rejects.toThrow();
  await ask();

  expect(signedOut).toHaveBeenCalledOnce();
});

test("a refusal while one signs out brings no other screen", async () => {
  const { signedOut, ask } = asker();
  server.on("POST /v1/sign-in/end", () => ({ json: { continue_at: "#over" } }));

  void signOut();
  await ask();
  await vi.waitFor(() => expect(window.location.hash).toBe("#over"));
  await ask();

  expect(signedOut).not.toHaveBeenCalled();
});
