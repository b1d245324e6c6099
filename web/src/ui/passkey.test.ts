import { expect, test } from "vitest";
import { passkeyProblem, passkeysWork } from "./passkey";

test("passkeys work only where the browser knows them and the address is theirs", () => {
  expect(passkeysWork(location.hostname)).toBe(false);

  Reflect.set(window, "PublicKeyCredential", () => undefined);
  expect(passkeysWork(location.hostname)).toBe(true);
  expect(passkeysWork("other.example.org")).toBe(false);
  expect(passkeysWork(null)).toBe(false);
  Reflect.deleteProperty(window, "PublicKeyCredential");
});

test("who closes the browser's question is told what to do, and not blamed", () => {
  const closed = new DOMException("no", "NotAllowedError");

  expect(passkeyProblem(closed)).toContain("another way");
  expect(passkeyProblem(new Error("The server said no."))).toBe(
    "The server said no.",
  );
  expect(passkeyProblem(null)).toBeUndefined();
});
