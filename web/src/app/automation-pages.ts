import { page } from "./frame-route";

/** What happens by itself, or at a press: runbooks, workflows, machines that are told. */
export const AUTOMATION_PAGES = [
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
] as const;
