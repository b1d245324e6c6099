import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { brotli } from "./build/brotli.ts";
import { icons } from "./build/icons.ts";
import { worker } from "./build/worker.ts";

// where a running PageFree answers, for `npm run dev`
const backend = process.env.PAGEFREE_URL ?? "http://127.0.0.1:8000";
// it takes changes only from its own pages, and these are as good as that
const proxied = {
  target: backend,
  changeOrigin: true,
  headers: { origin: backend },
};

export default defineConfig({
  plugins: [react(), icons(), worker(), brotli()],
  build: {
    outDir: "../src/pagefree/web_dist",
    emptyOutDir: true,
    target: "es2023",
    // all of them know light-dark(); rewriting it for older ones would lose the colours
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: {
      output: {
        codeSplitting: {
          // forty tiny files cost a phone more round trips than a few larger ones
          groups: [
            { name: "icons", test: /node_modules\/@tabler/, minShareCount: 6 },
            {
              name: "mantine",
              test: /node_modules\/@mantine\/(core|hooks)/,
              minShareCount: 56,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/v1": proxied,
      "/api": proxied,
      "/socket.io": { ...proxied, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: "src/test/setup.ts",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // a form in a busy machine's jsdom takes its time
    testTimeout: 30_000,
  },
});
