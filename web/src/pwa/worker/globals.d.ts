/** Background Sync: in Chromium only, so not in TypeScript's own declarations. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

interface ServiceWorkerGlobalScopeEventMap {
  sync: SyncEvent;
  pushsubscriptionchange: ExtendableEvent;
}

interface ServiceWorkerRegistration {
  readonly sync: { register: (tag: string) => Promise<void> };
}

/** Every file of the app with its version; the build fills it in. */
declare const __KEPT__: { url: string; revision: string | null }[];
