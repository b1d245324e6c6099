import { useSyncExternalStore } from "react";

/** Chromium's offer to install the app; other browsers have a menu for it. */
interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
}

declare global {
  interface WindowEventMap {
    beforeinstallprompt: InstallEvent;
  }
  interface Navigator {
    /** only in Safari */
    standalone?: boolean;
  }
}

let offer: InstallEvent | undefined;
const listeners = new Set<() => void>();

function set(next: InstallEvent | undefined) {
  offer = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens from the start of the page: the browser offers it only once. */
export function watchInstall() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // no banner over the incidents: we ask at a better place
    set(event);
  });
  window.addEventListener("appinstalled", () => set(undefined));
}

/** Installs the app, where the browser lets us ask for it. */
export function useInstall(): (() => void) | undefined {
  const event = useSyncExternalStore(subscribe, () => offer);
  return event && (() => void event.prompt().finally(() => set(undefined)));
}

/** Whether this is the installed app, not a tab of a browser. */
export function isInstalled(): boolean {
  return (
    window.matchMedia("(display-mode: standalone)").matches ||
    navigator.standalone === true
  );
}

/** An iPhone or iPad: there only the installed app may notify, and only by hand is it installed. */
export function isApple(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  // iPads call themselves Macs, but no Mac has a touch screen
  return (
    /iPhone|iPad/.test(userAgent) ||
    (userAgent.includes("Macintosh") && maxTouchPoints > 1)
  );
}
