import { useSyncExternalStore } from "react";
import { USE_NEW } from "./messages";

const LOOK_EVERY_MS = 3_600_000;

let update: (() => void) | undefined;
const listeners = new Set<() => void>();

function set(waiting: ServiceWorker) {
  update = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () =>
      window.location.reload(),
    );
    waiting.postMessage(USE_NEW);
  };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Start the service worker, which keeps the app for offline use, once the page is there. */
export function startWorker() {
  // none where pages come by plain HTTP; and the development server builds none
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const register = () => {
    navigator.serviceWorker.register("/worker.js").then(watch, () => {
      // refused, as in private windows of some browsers: the app works without
    });
  };
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}

function watch(registration: ServiceWorkerRegistration) {
  const look = () => {
    // the first one replaces nothing: there is nothing to say
    if (registration.waiting && navigator.serviceWorker.controller)
      set(registration.waiting);
  };
  look();
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", look),
  );
  const ask = () => void registration.update().catch(() => {});
  setInterval(ask, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
}

/** Starts using the version that was fetched in the background; undefined: there is none. */
export function useUpdate(): (() => void) | undefined {
  return useSyncExternalStore(subscribe, () => update);
}
