import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "../api/errors";
import { meQuery } from "../me";
import { Frame } from "./Frame";
import { Crashed, NotFound } from "./Wrong";

interface Context {
  queryClient: QueryClient;
}

/** Search values are plain strings in the address: ?status=open&query=12 */
export type Search = { [key: string]: string };

function strings(search: Record<string, unknown>): Search {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      typeof value === "string" && value !== "" ? [[key, value]] : [],
    ),
  );
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: strings,
  component: lazyRouteComponent(
    () => import("../features/sign-in/SignInPage"),
    "SignInPage",
  ),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  validateSearch: strings,
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/incidents" });
  },
});

const incidents = createRoute({
  getParentRoute: () => frame,
  path: "/incidents",
  component: lazyRouteComponent(
    () => import("../features/incidents/IncidentsPage"),
    "IncidentsPage",
  ),
});

const incident = createRoute({
  getParentRoute: () => frame,
  path: "/incidents/$incidentId",
  component: lazyRouteComponent(
    () => import("../features/incidents/IncidentPage"),
    "IncidentPage",
  ),
});

const alerts = createRoute({
  getParentRoute: () => frame,
  path: "/alerts",
  component: lazyRouteComponent(
    () => import("../features/alerts/AlertsPage"),
    "AlertsPage",
  ),
});

const alert = createRoute({
  getParentRoute: () => frame,
  path: "/alerts/$alertId",
  component: lazyRouteComponent(
    () => import("../features/alerts/AlertPage"),
    "AlertPage",
  ),
});

const onCall = createRoute({
  getParentRoute: () => frame,
  path: "/on-call",
  component: lazyRouteComponent(
    () => import("../features/on-call/OnCallPage"),
    "OnCallPage",
  ),
});

const outbox = createRoute({
  getParentRoute: () => frame,
  path: "/outbox",
  component: lazyRouteComponent(
    () => import("../features/outbox/OutboxPage"),
    "OutboxPage",
  ),
});

const me = createRoute({
  getParentRoute: () => frame,
  path: "/me",
  component: lazyRouteComponent(
    () => import("../features/me/MePage"),
    "MePage",
  ),
});

const schedules = createRoute({
  getParentRoute: () => frame,
  path: "/schedules",
  component: lazyRouteComponent(
    () => import("../features/schedules/SchedulesPage"),
    "SchedulesPage",
  ),
});

const schedule = createRoute({
  getParentRoute: () => frame,
  path: "/schedules/$scheduleId",
  component: lazyRouteComponent(
    () => import("../features/schedules/SchedulePage"),
    "SchedulePage",
  ),
});

const policies = createRoute({
  getParentRoute: () => frame,
  path: "/policies",
  component: lazyRouteComponent(
    () => import("../features/policies/PoliciesPage"),
    "PoliciesPage",
  ),
});

const policy = createRoute({
  getParentRoute: () => frame,
  path: "/policies/$policyId",
  component: lazyRouteComponent(
    () => import("../features/policies/PolicyPage"),
    "PolicyPage",
  ),
});

const services = createRoute({
  getParentRoute: () => frame,
  path: "/services",
  component: lazyRouteComponent(
    () => import("../features/services/ServicesPage"),
    "ServicesPage",
  ),
});

const service = createRoute({
  getParentRoute: () => frame,
  path: "/services/$serviceId",
  component: lazyRouteComponent(
    () => import("../features/services/ServicePage"),
    "ServicePage",
  ),
});

const integrations = createRoute({
  getParentRoute: () => frame,
  path: "/integrations",
  component: lazyRouteComponent(
    () => import("../features/integrations/IntegrationsPage"),
    "IntegrationsPage",
  ),
});

const integration = createRoute({
  getParentRoute: () => frame,
  path: "/integrations/$integrationId",
  component: lazyRouteComponent(
    () => import("../features/integrations/IntegrationPage"),
    "IntegrationPage",
  ),
});

const team = createRoute({
  getParentRoute: () => frame,
  path: "/team",
  component: lazyRouteComponent(
    () => import("../features/team/TeamPage"),
    "TeamPage",
  ),
});

const teamUser = createRoute({
  getParentRoute: () => frame,
  path: "/team/users/$userId",
  component: lazyRouteComponent(
    () => import("../features/team/UserPage"),
    "UserPage",
  ),
});

const teamTeam = createRoute({
  getParentRoute: () => frame,
  path: "/team/teams/$teamId",
  component: lazyRouteComponent(
    () => import("../features/team/OneTeamPage"),
    "OneTeamPage",
  ),
});

const routeTree = root.addChildren([
  signIn,
  frame.addChildren([
    home,
    incidents,
    incident,
    alerts,
    alert,
    onCall,
    outbox,
    me,
    schedules,
    schedule,
    policies,
    policy,
    services,
    service,
    integrations,
    integration,
    team,
    teamUser,
    teamTeam,
  ]),
]);

/** All pages and their addresses; this file is where features meet. */
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: Crashed,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(strings(search)).toString();
      return text && `?${text}`;
    },
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
