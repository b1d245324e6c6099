import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build, type Plugin } from "vite";

const ENTRY = "src/pwa/worker/main.ts";
const HASHED = "assets/"; // the name says what is in it
// a dot: what the build leaves for itself. The large icons are for the system, not the app
const LEFT_OUT = /(^|\/)\.|\.(map|br)$|^worker\.js$|-512\.png$|^manifest\./;

interface Entry {
  url: string;
  revision: string | null;
}

/**
 * Builds the service worker when everything that it keeps for offline use has been built.
 *
 * It is one plain script: browsers of some phones take no modules here.
 */
export function worker(): Plugin {
  let folder = "";
  return {
    name: "worker",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const kept = await entries(folder);
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: {
          __KEPT__: JSON.stringify(kept),
          "process.env.NODE_ENV": JSON.stringify("production"),
        },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: "es2022",
          lib: {
            entry: ENTRY,
            formats: ["iife"],
            name: "pagefree",
            fileName: () => "worker.js",
          },
        },
      });
    },
  };
}

/** Every file that the app may ask for, in the form that Workbox reads. */
async function entries(folder: string): Promise<Entry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath, each.name)))
    .filter((name) => !LEFT_OUT.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      url: `/${name}`,
      revision: name.startsWith(HASHED)
        ? null
        : await digest(join(folder, name)),
    })),
  );
}

async function digest(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex")
    .slice(0, 16);
}
