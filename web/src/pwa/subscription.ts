import { type Ask, fieldOf, textOf } from "./ask";
import { type Device, database } from "./database";

/** A subscription as the server keeps it. */
export interface PushAddress {
  endpoint: string;
  p256dh: string;
  auth: string;
  /** the public key of the server that it was made with */
  key: string;
}

const HERE = "this browser";
const GONE = 404;

/** By which contact method this browser is notified; undefined: by none that it knows of. */
export async function device(): Promise<Device | undefined> {
  return (await database()).get("device", HERE);
}

export async function rememberDevice(known: Device) {
  await (await database()).put("device", known, HERE);
}

export async function forgetDevice() {
  await (await database()).delete("device", HERE);
}

/** The server's public key; undefined where nothing is pushed. */
export async function serverKey(ask: Ask): Promise<string | undefined> {
  const { json } = await ask("GET", "/v1/web-push");
  return textOf(json, "public_key") || undefined;
}

/**
 * The subscription of this browser for the server's key.
 *
 * Browsers refuse a second one with another key, so one that was made with another goes
 * first. No permission is asked for where there is one.
 */
export async function subscribeWith(
  manager: PushManager,
  key: string,
): Promise<PushSubscription> {
  const known = await manager.getSubscription();
  if (known && keyOf(known) === key) return known;
  await known?.unsubscribe();
  return manager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
}

export function addressOf(subscription: PushSubscription): PushAddress {
  return {
    endpoint: subscription.endpoint,
    p256dh: base64url(subscription.getKey("p256dh")),
    auth: base64url(subscription.getKey("auth")),
    key: keyOf(subscription),
  };
}

function keyOf({ options }: PushSubscription): string {
  return base64url(options.applicationServerKey);
}

function base64url(bytes: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(bytes ?? []));
  return btoa(text)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/**
 * See to it that the server knows how to reach this browser; true: something was changed.
 *
 * The server may have changed its key, the browser its subscription, or both come from an
 * installation of before. Whoever has not asked to be notified here is left alone.
 */
export async function renew(manager: PushManager, ask: Ask): Promise<boolean> {
  const before = await manager.getSubscription();
  const mine = (await device()) ?? (before && (await adopted(before, ask)));
  if (!mine) return false;
  const path = `/v1/users/${mine.userId}/contact-methods`;
  const key = await serverKey(ask);
  const stored = await ask("GET", path);
  if (!key || stored.status !== 200) return false; // somebody else, or nobody, is signed in
  const method = methodsOf(stored.json).find(({ id }) => id === mine.methodId);
  if (!method) {
    await forgetDevice(); // removed in the app
    return false;
  }
  const address = addressOf(await subscribeWith(manager, key));
  if (sameAddress(address, method.address)) return false;
  const answer = await ask("PATCH", `${path}/${method.id}`, {
    address,
    disabled: false,
  });
  if (answer.status === GONE) await forgetDevice();
  return answer.status === 200;
}

/** The contact method that has this subscription, if the browser has forgotten which it is. */
async function adopted(
  { endpoint }: PushSubscription,
  ask: Ask,
): Promise<Device | undefined> {
  const userId = textOf((await ask("GET", "/v1/me")).json, "id");
  if (!userId) return undefined;
  const path = `/v1/users/${userId}/contact-methods`;
  const found = methodsOf((await ask("GET", path)).json).find(
    ({ address }) => textOf(address, "endpoint") === endpoint,
  );
  if (!found) return undefined;
  const known = { userId, methodId: found.id };
  await rememberDevice(known);
  return known;
}

function methodsOf(json: unknown): { id: string; address: unknown }[] {
  return Array.isArray(json)
    ? json.map((each) => ({
        id: textOf(each, "id"),
        address: fieldOf(each, "address"),
      }))
    : [];
}

function sameAddress(address: PushAddress, stored: unknown): boolean {
  return Object.entries(address).every(
    ([name, value]) => textOf(stored, name) === value,
  );
}
