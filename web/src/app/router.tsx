import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
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

type Pages = Record<string, RouteComponent>;

/** A page inside the frame, loaded when it is first opened. */
function page<
  const Path extends string,
  Module extends Record<string, unknown>,
>(path: Path, load: () => Promise<Module>, name: string & keyof Module) {
  const component = lazyRouteComponent(load as () => Promise<Pages>, name);
  return createRoute({ getParentRoute: () => frame, path, component });
}

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/incidents" });
  },
});

const routeTree = root.addChildren([
  signIn,
  frame.addChildren([
    home,
    page(
      "/incidents",
      () => import("../features/incidents/IncidentsPage"),
      "IncidentsPage",
    ),
    page(
      "/incidents/$incidentId",
      () => import("../features/incidents/IncidentPage"),
      "IncidentPage",
    ),
    page(
      "/alerts",
      () => import("../features/alerts/AlertsPage"),
      "AlertsPage",
    ),
    page(
      "/alerts/$alertId",
      () => import("../features/alerts/AlertPage"),
      "AlertPage",
    ),
    page(
      "/on-call",
      () => import("../features/on-call/OnCallPage"),
      "OnCallPage",
    ),
    page(
      "/channels",
      () => import("../features/channels/ChannelsPage"),
      "ChannelsPage",
    ),
    page(
      "/channels/$kind",
      () => import("../features/channels/ChannelPage"),
      "ChannelPage",
    ),
    page(
      "/outbox",
      () => import("../features/outbox/OutboxPage"),
      "OutboxPage",
    ),
    page("/me", () => import("../features/me/MePage"), "MePage"),
    page(
      "/schedules",
      () => import("../features/schedules/SchedulesPage"),
      "SchedulesPage",
    ),
    page(
      "/schedules/$scheduleId",
      () => import("../features/schedules/SchedulePage"),
      "SchedulePage",
    ),
    page(
      "/policies",
      () => import("../features/policies/PoliciesPage"),
      "PoliciesPage",
    ),
    page(
      "/policies/$policyId",
      () => import("../features/policies/PolicyPage"),
      "PolicyPage",
    ),
    page(
      "/explain",
      () => import("../features/explain/ExplainPage"),
      "ExplainPage",
    ),
    page(
      "/services",
      () => import("../features/services/ServicesPage"),
      "ServicesPage",
    ),
    page(
      "/services/$serviceId",
      () => import("../features/services/ServicePage"),
      "ServicePage",
    ),
    page(
      "/integrations",
      () => import("../features/integrations/IntegrationsPage"),
      "IntegrationsPage",
    ),
    page(
      "/integrations/$integrationId",
      () => import("../features/integrations/IntegrationPage"),
      "IntegrationPage",
    ),
    page(
      "/limits",
      () => import("../features/limits/LimitsPage"),
      "LimitsPage",
    ),
    page(
      "/routing",
      () => import("../features/routing/RoutingPage"),
      "RoutingPage",
    ),
    page(
      "/routing/$ruleId",
      () => import("../features/routing/RulePage"),
      "RulePage",
    ),
    page(
      "/heartbeats",
      () => import("../features/heartbeats/HeartbeatsPage"),
      "HeartbeatsPage",
    ),
    page(
      "/heartbeats/$heartbeatId",
      () => import("../features/heartbeats/HeartbeatPage"),
      "HeartbeatPage",
    ),
    page(
      "/workflows",
      () => import("../features/workflows/WorkflowsPage"),
      "WorkflowsPage",
    ),
    page(
      "/workflows/$workflowId",
      () => import("../features/workflows/WorkflowPage"),
      "WorkflowPage",
    ),
    page(
      "/workflow-runs/$runId",
      () => import("../features/workflows/RunPage"),
      "RunPage",
    ),
    page(
      "/workflow-secrets",
      () => import("../features/workflows/SecretsPage"),
      "SecretsPage",
    ),
    page(
      "/event-subscriptions",
      () => import("../features/workflows/SubscriptionsPage"),
      "SubscriptionsPage",
    ),
    page(
      "/event-subscriptions/$subscriptionId",
      () => import("../features/workflows/SubscriptionPage"),
      "SubscriptionPage",
    ),
    page(
      "/maintenance",
      () => import("../features/maintenance/MaintenancePage"),
      "MaintenancePage",
    ),
    page(
      "/status-pages",
      () => import("../features/status-pages/StatusPagesPage"),
      "StatusPagesPage",
    ),
    page(
      "/status-pages/tell",
      () => import("../features/status-pages/TellPage"),
      "TellPage",
    ),
    page(
      "/status-pages/$pageId",
      () => import("../features/status-pages/StatusPagePage"),
      "StatusPagePage",
    ),
    page(
      "/status-incidents/$statusIncidentId",
      () => import("../features/status-pages/StatusIncidentPage"),
      "StatusIncidentPage",
    ),
    page(
      "/status-maintenances/$maintenanceId",
      () => import("../features/status-pages/WorkPage"),
      "WorkPage",
    ),
    page(
      "/runbooks",
      () => import("../features/runbooks/RunbooksPage"),
      "RunbooksPage",
    ),
    page(
      "/runbooks/new",
      () => import("../features/runbooks/EditorPages"),
      "NewRunbookPage",
    ),
    page(
      "/runbooks/runs",
      () => import("../features/runbooks/RunsPage"),
      "RunsPage",
    ),
    page(
      "/runbooks/runs/$runId",
      () => import("../features/runbooks/RunPage"),
      "RunPage",
    ),
    page(
      "/runbooks/connections",
      () => import("../features/runbooks/ConnectionsPage"),
      "ConnectionsPage",
    ),
    page(
      "/runbooks/settings",
      () => import("../features/runbooks/SettingsPage"),
      "SettingsPage",
    ),
    page(
      "/runbooks/$runbookId",
      () => import("../features/runbooks/RunbookPage"),
      "RunbookPage",
    ),
    page(
      "/runbooks/$runbookId/edit",
      () => import("../features/runbooks/EditorPages"),
      "EditRunbookPage",
    ),
    page(
      "/runbooks/$runbookId/run",
      () => import("../features/runbooks/StartRunPage"),
      "StartRunPage",
    ),
    page(
      "/runbooks/$runbookId/versions/$number",
      () => import("../features/runbooks/VersionPage"),
      "VersionPage",
    ),
    page(
      "/incidents/$incidentId/runbooks",
      () => import("../features/runbooks/PickPage"),
      "PickPage",
    ),
    page(
      "/partners",
      () => import("../features/partners/PartnersPage"),
      "PartnersPage",
    ),
    page(
      "/partners/$partnerId",
      () => import("../features/partners/PartnerPage"),
      "PartnerPage",
    ),
    page("/team", () => import("../features/team/TeamPage"), "TeamPage"),
    page(
      "/team/users/$userId",
      () => import("../features/team/UserPage"),
      "UserPage",
    ),
    page(
      "/team/teams/$teamId",
      () => import("../features/team/OneTeamPage"),
      "OneTeamPage",
    ),
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
