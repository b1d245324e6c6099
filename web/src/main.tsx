import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./styles.css";
import "./api/errors";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { QueryClientProvider } from "@tanstack/react-query";
import { type AnyRoute, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./app/query-client";
import { createAppRouter } from "./app/router";
import { watchInstall } from "./pwa/install";
import { watchNetwork } from "./pwa/network";
import { startWorker } from "./pwa/register";
import { cssVariables, theme } from "./theme";
import { Toasts } from "./ui/Toasts";

const RELOADED = "pagefree reloaded at";
const RELOAD_AT_MOST_EVERY_MS = 60_000;

const queryClient = createQueryClient(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in") return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { next: href } });
});
const router = createAppRouter(queryClient);

// the page's code is on its way while the server says who asks
const pages: Record<string, AnyRoute | undefined> = router.routesById;
for (const { routeId } of router.matchRoutes(router.latestLocation)) {
  const page = pages[routeId];
  if (page) void router.loadRouteChunk(page);
}

// a page from before an upgrade asks for files that are gone: fetch the new page, but not for ever
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < RELOAD_AT_MOST_EVERY_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  event.preventDefault();
  window.location.reload();
});

watchNetwork();
watchInstall();
startWorker();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <ModalsProvider>
            <Toasts />
            <RouterProvider router={router} />
          </ModalsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
