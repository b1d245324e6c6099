/** What somebody who switches quiet hours on most likely means. */
export const USUAL = { quiet_from: "22:00", quiet_to: "07:00" };

/** Those that can be spoken. */
export const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
  { value: "es", label: "Español" },
  { value: "fr", label: "Français" },
  { value: "it", label: "Italiano" },
];

/** "Every day from 22:00 to 07:00 on the next day, in Europe/Berlin." */
export function quietWords(from: string, to: string, zone: string): string {
  const [start, end] = [from.slice(0, 5), to.slice(0, 5)];
  if (!start || !end) return "Say from when and until when.";
  if (start === end) return `The whole day, in ${zone}.`;
  const until = end < start ? `${end} on the next day` : end;
  return `Every day from ${start} to ${until}, in ${zone}.`;
}
