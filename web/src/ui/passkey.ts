import type { ChallengeOut, PasskeyAnswer } from "../api/generated";

type Json = Record<string, unknown>;

/** Whether this browser, at this address, can use the passkeys of the installation. */
export function passkeysWork(host: string | null | undefined): boolean {
  return (
    typeof window.PublicKeyCredential === "function" &&
    host !== null &&
    host !== undefined &&
    (location.hostname === host || location.hostname.endsWith(`.${host}`))
  );
}

/** The browser makes a passkey; rejects when the person changes their mind. */
export async function makePasskey(asked: ChallengeOut): Promise<PasskeyAnswer> {
  const { user, excludeCredentials, challenge, rp, ...rest } =
    asked.options as Json & { user: Json };
  const made = await navigator.credentials.create({
    publicKey: {
      ...(rest as unknown as PublicKeyCredentialCreationOptions),
      rp: rp as PublicKeyCredentialRpEntity,
      challenge: bytes(challenge),
      user: {
        id: bytes(user.id),
        name: String(user.name),
        displayName: String(user.displayName),
      },
      excludeCredentials: described(excludeCredentials),
    },
  });
  const credential = made as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return answer(asked, credential, {
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** A passkey signs what it was asked to; rejects when the person changes their mind. */
export async function usePasskeyFor(
  asked: ChallengeOut,
): Promise<PasskeyAnswer> {
  const { challenge, allowCredentials, ...rest } = asked.options as Json;
  const found = await navigator.credentials.get({
    publicKey: {
      ...(rest as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytes(challenge),
      allowCredentials: described(allowCredentials),
    },
  });
  const credential = found as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return answer(asked, credential, {
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

/** What went wrong, for people; nothing where they just closed the browser's question. */
export function passkeyProblem(error: Error | null): string | undefined {
  if (!error) return undefined;
  if (error.name === "NotAllowedError" || error.name === "AbortError")
    return "The passkey was not used. Try again, or use another way.";
  if (error.name === "InvalidStateError")
    return "This device has a passkey of yours already.";
  return error.message;
}

function answer(
  asked: ChallengeOut,
  credential: PublicKeyCredential,
  response: Json,
): PasskeyAnswer {
  return {
    challenge_id: asked.challenge_id,
    credential: {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: {
        ...response,
        clientDataJSON: text(credential.response.clientDataJSON),
      },
    },
  };
}

function described(listed: unknown): PublicKeyCredentialDescriptor[] {
  if (!Array.isArray(listed)) return [];
  return listed.map((one: { id: string }) => ({
    id: bytes(one.id),
    type: "public-key",
  }));
}

/** base64url, as WebAuthn's JSON has it */
function bytes(from: unknown): Uint8Array<ArrayBuffer> {
  const plain = String(from).replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function text(from: ArrayBuffer): string {
  const letters = String.fromCharCode(...new Uint8Array(from));
  return btoa(letters)
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
