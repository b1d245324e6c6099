import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import type { Plugin } from "vite";

const SOURCE = new URL("../public/favicon.svg", import.meta.url);
const ROUNDED = 'rx="8"';
const SQUARE = 'rx="0"';
const BELL = '<g id="bell"';
const BACKGROUND = /<rect .*\/>/;
// systems cut a maskable icon to any shape: what matters lies in the middle 80 %
const SMALLER = scaled(0.8);
const LARGER = scaled(1.4);

type Draw = (svg: string) => string;

const asItIs: Draw = (svg) => svg;
const square: Draw = (svg) => changed(svg, ROUNDED, SQUARE);
const maskable: Draw = (svg) =>
  changed(square(svg), BELL, `${BELL} ${SMALLER}`);
/** What a phone shows in its status bar: only the shape counts. */
const badge: Draw = (svg) =>
  changed(changed(svg, BACKGROUND, ""), BELL, `${BELL} ${LARGER}`);

/** By file: how it is drawn, and how many pixels wide it is. */
const ICONS: Record<string, readonly [Draw, number]> = {
  "icon-180.png": [square, 180], // iOS rounds the corners itself
  "icon-192.png": [asItIs, 192],
  "icon-512.png": [asItIs, 512],
  "icon-maskable-512.png": [maskable, 512],
  "badge-96.png": [badge, 96],
};

/** Adds the icons of the installed app to the build, all drawn from the one SVG. */
export function icons(): Plugin {
  return {
    name: "icons",
    apply: "build",
    async generateBundle() {
      const svg = await readFile(SOURCE, "utf8");
      await ready();
      for (const [fileName, [draw, width]] of Object.entries(ICONS)) {
        const drawn = new Resvg(draw(svg), {
          fitTo: { mode: "width", value: width },
        });
        this.emitFile({
          type: "asset",
          fileName,
          source: drawn.render().asPng(),
        });
      }
    },
  };
}

let started: Promise<void> | undefined;

/** Starts the renderer, which can be done only once. */
function ready(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  started ??= readFile(resolve("@resvg/resvg-wasm/index_bg.wasm")).then(
    initWasm,
  );
  return started;
}

/** Another SVG would make other icons without anybody noticing: then the build stops. */
function changed(svg: string, from: string | RegExp, to: string): string {
  const after = svg.replace(from, to);
  if (after === svg) throw new Error(`favicon.svg has no ${from} any more`);
  return after;
}

function scaled(by: number): string {
  return `transform="translate(16 16) scale(${by}) translate(-16 -16)"`;
}
