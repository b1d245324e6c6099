import { exactly } from "../../ui/spans";

const CHOICES_S = [
  15 * 60,
  30 * 60,
  3600,
  2 * 3600,
  12 * 3600,
  86_400,
  3 * 86_400,
  7 * 86_400,
];

/** How long before a shift one can be told, with what has been chosen by other means. */
export function leadTimes(
  chosen: number | null | undefined,
): { value: string; label: string }[] {
  const all = new Set(chosen ? [...CHOICES_S, chosen] : CHOICES_S);
  return [
    { value: "", label: "Not before it starts" },
    ...[...all]
      .sort((a, b) => a - b)
      .map((seconds) => ({
        value: String(seconds),
        label: `${exactly(seconds)} before it starts`,
      })),
  ];
}
