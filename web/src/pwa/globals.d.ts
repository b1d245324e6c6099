/** Background Sync: in Chromium only, so not in TypeScript's own declarations. */
interface ServiceWorkerRegistration {
  readonly sync: { register: (tag: string) => Promise<void> };
}
