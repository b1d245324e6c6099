import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "openapi.json",
  output: { path: "src/api/generated" },
  plugins: [
    {
      name: "@hey-api/client-fetch",
      runtimeConfigPath: "../client-config",
      throwOnError: true,
    },
    "@hey-api/typescript",
    { name: "@hey-api/sdk", responseStyle: "data" },
  ],
});
