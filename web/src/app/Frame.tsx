import { AppShell, Box, VisuallyHidden } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { meQuery, useMe } from "../me";
import { connectRealtime } from "../realtime";
import { Later } from "../ui/Later";
import { BottomBar } from "./BottomBar";
import classes from "./Frame.module.css";
import { InstallHint } from "./InstallHint";
import { Rail } from "./Rail";
import { TopLine } from "./TopLine";
import { useGoTo } from "./use-go-to";
import { useLateActions } from "./use-late-actions";
import { usePagedToast } from "./use-paged-toast";
import { usePushRenewal } from "./use-push-renewal";
import { useUpdateToast } from "./use-update-toast";
import { useWaiting } from "./use-waiting";

const Palette = lazy(() => import("./Palette"));
const FactorOwed = lazy(() => import("./FactorOwed"));
const HelpOverlay = lazy(() => import("./HelpOverlay"));

const SETTLED_MS = 1_500;

/** False at first: what nobody needs in the first second is fetched after it. */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}

/** What stands around every page: where one can go, and whether one is paged. */
export function Frame() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure();
  const triggered = useWaiting();
  const settled = useSettled();
  const { second_factor_from: owed } = useMe();
  useGoTo();
  usePagedToast();
  useLateActions();
  usePushRenewal();
  useUpdateToast();
  useHotkeys([["shift+?", openHelp]]);

  useEffect(
    () =>
      connectRealtime(queryClient, () => {
        void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      }),
    [queryClient],
  );

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: true } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <VisuallyHidden id="announcements" role="status" aria-live="polite" />
      <AppShell.Header>
        <Later>
          <TopLine />
        </Later>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        aria-label="Sections"
        visibleFrom="sm"
        className={classes.sections}
      >
        <Later>
          <Rail triggered={triggered} onHelp={openHelp} />
        </Later>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Box maw={1464} mx="auto">
          <Later>
            <InstallHint />
            {owed && (
              <Suspense>
                <FactorOwed from={owed} />
              </Suspense>
            )}
            <Outlet />
          </Later>
        </Box>
      </AppShell.Main>
      <BottomBar
        triggered={triggered}
        onPage={() =>
          void navigate({ to: "/incidents", search: { declare: "1" } })
        }
      />
      <Suspense>
        {help && <HelpOverlay onClose={closeHelp} />}
        {settled && <Palette />}
      </Suspense>
    </AppShell>
  );
}
