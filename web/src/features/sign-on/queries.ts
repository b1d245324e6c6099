import { queryOptions } from "@tanstack/react-query";
import {
  getIdentityProvider,
  getSignInSettings,
  listIdentityProviders,
  listScimTokens,
} from "../../api/generated";

/** All of it begins so: a change makes everything about providers stale. */
export const SIGN_ON = ["sign-on"] as const;

export const providersQuery = queryOptions({
  queryKey: [...SIGN_ON, "list"],
  queryFn: ({ signal }) => listIdentityProviders({ signal }),
});

export const settingsQuery = queryOptions({
  queryKey: [...SIGN_ON, "settings"],
  queryFn: ({ signal }) => getSignInSettings({ signal }),
});

export function providerQuery(id: string) {
  return queryOptions({
    queryKey: [...SIGN_ON, "one", id],
    queryFn: ({ signal }) =>
      getIdentityProvider({ path: { provider_id: id }, signal }),
  });
}

export function tokensQuery(id: string) {
  return queryOptions({
    queryKey: [...SIGN_ON, "one", id, "tokens"],
    queryFn: ({ signal }) =>
      listScimTokens({ path: { provider_id: id }, signal }),
  });
}
