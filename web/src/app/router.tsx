import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { AUTOMATION_PAGES } from "./automation-pages";
import {
  frame,
  invitation,
  page,
  root,
  secondFactor,
  signIn,
  signInLink,
  strings,
} from "./frame-route";
import { LEARNING_PAGES } from "./learning-pages";
import { OUTSIDE_PAGES } from "./outside-pages";
import { Crashed } from "./Wrong";

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/incidents" });
  },
});

const routeTree = root.addChildren([
  signIn,
  secondFactor,
  signInLink,
  invitation,
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
      "/service-map",
      () => import("../features/service-map/ServiceMapPage"),
      "ServiceMapPage",
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
    page("/audit", () => import("../features/audit/AuditPage"), "AuditPage"),
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
      "/maintenance",
      () => import("../features/maintenance/MaintenancePage"),
      "MaintenancePage",
    ),
    page("/set-up", () => import("./SetUpScreen"), "SetUpScreen"),
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
    ...AUTOMATION_PAGES,
    ...LEARNING_PAGES,
    ...OUTSIDE_PAGES,
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
