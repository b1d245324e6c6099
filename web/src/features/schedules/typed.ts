import { instantOf, wallOf } from "../../ui/wall";

/** As a field for date and time has it, 2026-11-23T09:00, on the clocks of a zone. */
export function typedAt(at: number, zone: string): string {
  const { date, time } = wallOf(at, zone);
  return `${date}T${time}`;
}

/** The way back, as the server takes it. */
export function instantTyped(text: string, zone: string): string {
  const [date = "", time = ""] = text.split("T");
  return new Date(
    instantOf({ date, time: time.slice(0, 5) }, zone),
  ).toISOString();
}
