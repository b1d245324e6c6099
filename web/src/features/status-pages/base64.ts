const CHUNK = 0x8000; // as many arguments as every browser takes

/** Bytes as the API takes them. */
export function base64Of(bytes: ArrayBuffer): string {
  const all = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < all.length; at += CHUNK)
    text += String.fromCharCode(...all.subarray(at, at + CHUNK));
  return btoa(text);
}
