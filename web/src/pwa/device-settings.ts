import { useLocalStorage } from "@mantine/hooks";

/** What this device does when something happens; other devices have their own. */
export interface DeviceSettings {
  /** a tone when one is paged while the app is open */
  sound: boolean;
  /** short vibrations: paged, swiped far enough */
  haptics: boolean;
}

const KEY = "pagefree device";
const OFF: DeviceSettings = { sound: false, haptics: false };

/** The settings of this device, and how they are changed. */
export function useDeviceSettings() {
  return useLocalStorage<DeviceSettings>({
    key: KEY,
    defaultValue: OFF,
    getInitialValueInEffect: false,
  });
}

function settings(): Partial<DeviceSettings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/** A short vibration, if wanted and possible: "that was far enough", "done". */
export function tick() {
  if (settings().haptics) vibrate(15);
}

/** Make oneself felt and heard, as far as wanted: somebody is paged. */
export function alarm() {
  const { haptics, sound } = settings();
  if (haptics) vibrate([200, 100, 200, 100, 400]);
  if (sound) void playTone();
}

/** Vibrates, where the device can. */
export function vibrate(pattern: number | number[]) {
  navigator.vibrate?.(pattern);
}

export const CAN_VIBRATE = "vibrate" in navigator;

const NOTES_HZ = [880, 660, 880, 660];
const NOTE_S = 0.22;
const LOUDNESS = 0.35;

/** A two-tone call. Browsers keep silent until the person has touched the page. */
export async function playTone() {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = LOUDNESS;
  gain.connect(context.destination);
  NOTES_HZ.forEach((hz, index) => {
    const note = context.createOscillator();
    const start = context.currentTime + index * NOTE_S;
    note.frequency.value = hz;
    note.connect(gain);
    note.start(start);
    note.stop(start + NOTE_S * 0.9);
    if (index === NOTES_HZ.length - 1)
      note.onended = () => void context.close();
  });
  await context.resume();
}
