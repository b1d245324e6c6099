// evenly apart, and none of them near the red that means "somebody must act"
const HUES = [255, 145, 310, 205, 95, 280, 175, 335, 230, 120, 70];

function hash(text: string): number {
  let mixed = 2_166_136_261;
  for (const letter of text)
    mixed = Math.imul(mixed ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return mixed;
}

/**
 * A colour for each person: the same on every screen and day, unless two people who are
 * shown together would look alike.
 */
export function huesOf(ids: Iterable<string>): ReadonlyMap<string, number> {
  const given = new Map<string, number>();
  for (const id of [...new Set(ids)].sort()) {
    const wanted = hash(id) % HUES.length;
    const free = HUES.map(
      (_, step) => HUES[(wanted + step) % HUES.length] ?? 0,
    );
    const taken = new Set([...given.values()].slice(-HUES.length + 1));
    given.set(id, free.find((hue) => !taken.has(hue)) ?? free[0] ?? 0);
  }
  return given;
}
