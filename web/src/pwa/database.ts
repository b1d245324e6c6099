import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Taken } from "./actions";

/** A button of a notification that was pressed and has not reached the server. */
export interface Press {
  /** of the link behind the button */
  path: string;
  verb: "acknowledge" | "resolve";
  /** of the notification, so that what came of it takes its place */
  tag: string;
  title: string;
  /** the page to open */
  open: string;
  /** of the person; of what an older version has kept, that of the browser */
  language?: string;
}

/** By which contact method this browser is notified. */
export interface Device {
  userId: string;
  methodId: string;
}

interface Schema extends DBSchema {
  unsent: { key: number; value: Taken };
  presses: { key: number; value: Press };
  device: { key: string; value: Device };
}

const NAME = "pagefree";
const VERSION = 2;
let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** What this browser keeps, for pages and the service worker alike. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      const has = (name: "unsent" | "presses" | "device") =>
        db.objectStoreNames.contains(name);
      if (!has("unsent"))
        db.createObjectStore("unsent", { autoIncrement: true });
      if (!has("presses"))
        db.createObjectStore("presses", { autoIncrement: true });
      if (!has("device")) db.createObjectStore("device");
    },
    // a newer version wants to change it: better closed than in its way
    blocking(_current, _blocked, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
      opened = undefined;
    },
    // the browser has closed it: the next use opens it again
    terminated() {
      opened = undefined;
    },
  });
  return opened;
}
