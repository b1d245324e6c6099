import type { CreateClientConfig } from "./generated/client.gen";

/** Same origin, so the session cookie goes along by itself. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: window.location.origin,
});
