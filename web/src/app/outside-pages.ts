import { page } from "./frame-route";

/** What people outside are told: status pages, partners; where ours come from, and how PageFree itself is. */
export const OUTSIDE_PAGES = [
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
    "/partners",
    () => import("../features/partners/PartnersPage"),
    "PartnersPage",
  ),
  page(
    "/partners/$partnerId",
    () => import("../features/partners/PartnerPage"),
    "PartnerPage",
  ),
  page(
    "/operations",
    () => import("../features/operations/OperationsPage"),
    "OperationsPage",
  ),
  page(
    "/sign-on",
    () => import("../features/sign-on/SignOnPage"),
    "SignOnPage",
  ),
  page(
    "/sign-on/$providerId",
    () => import("../features/sign-on/ProviderPage"),
    "ProviderPage",
  ),
] as const;
