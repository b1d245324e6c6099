/** "2026-11-23T03:00" on the viewer's clock as an instant; null: nothing, or not a time yet. */
export function instantTyped(when: string): string | null {
  const at = new Date(when);
  return when === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
