/** The day on the viewer's clock, 2026-11-23, as the schedule's page takes it. */
export function dayOf(instant: string): string {
  const at = new Date(instant);
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
