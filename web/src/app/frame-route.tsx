import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "../api/errors";
import { meQuery } from "../me";
import { Frame } from "./Frame";
import { NotFound } from "./Wrong";

interface Context {
  queryClient: QueryClient;
}

/** Search values are plain strings in the address: ?status=open&query=12 */
export type Search = { [key: string]: string };

/** Only what is a text, and not empty. */
export function strings(search: Record<string, unknown>): Search {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      typeof value === "string" && value !== "" ? [[key, value]] : [],
    ),
  );
}

export const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

export const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: strings,
  component: lazyRouteComponent(
    () => import("../features/sign-in/SignInPage"),
    "SignInPage",
  ),
});

export const signInLink = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/link",
  component: lazyRouteComponent(
    () => import("../features/sign-in/LinkPage"),
    "LinkPage",
  ),
});

export const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(
    () => import("../features/sign-in/InvitationPage"),
    "InvitationPage",
  ),
});

export const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/second-factor",
  component: lazyRouteComponent(
    () => import("../features/me/SecondFactorPage"),
    "SecondFactorPage",
  ),
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(meQuery),
});

export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  validateSearch: strings,
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      if (me.enrolling) throw redirect({ to: "/second-factor" });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
});

type Pages = Record<string, RouteComponent>;

/** A page inside the frame, loaded when it is first opened. */
export function page<
  const Path extends string,
  Module extends Record<string, unknown>,
>(path: Path, load: () => Promise<Module>, name: string & keyof Module) {
  const component = lazyRouteComponent(load as () => Promise<Pages>, name);
  return createRoute({ getParentRoute: () => frame, path, component });
}
