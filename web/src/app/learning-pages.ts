import { page } from "./frame-route";

/** What incidents end in. */
export const LEARNING_PAGES = [
  page(
    "/insights",
    () => import("../features/insights/InsightsPage"),
    "InsightsPage",
  ),
  page(
    "/insights/reports",
    () => import("../features/insights/MailedReportsPage"),
    "MailedReportsPage",
  ),
  page(
    "/postmortems",
    () => import("../features/postmortems/PostmortemsPage"),
    "PostmortemsPage",
  ),
  page(
    "/postmortems/new",
    () => import("../features/postmortems/NewPage"),
    "NewPostmortemPage",
  ),
  page(
    "/postmortems/action-items",
    () => import("../features/postmortems/ActionItemsPage"),
    "ActionItemsPage",
  ),
  page(
    "/postmortems/templates",
    () => import("../features/postmortems/TemplatesPage"),
    "TemplatesPage",
  ),
  page(
    "/postmortems/$postmortemId",
    () => import("../features/postmortems/PostmortemPage"),
    "PostmortemPage",
  ),
] as const;
