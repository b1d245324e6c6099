import { notifications } from "@mantine/notifications";
import { IconInfoCircle, IconUrgent } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Notice } from "../api/generated";
import { alarm } from "../pwa/device-settings";
import { CLOSE } from "../ui/toast";
import { unreadQuery } from "./queries";

const STAYS_MS = 12_000;

/** Says in the app that one was paged just now; what was unread before is under "Me". */
export function usePagedToast() {
  const navigate = useNavigate();
  const unread = useQuery(unreadQuery).data?.items;
  const seen = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (!unread) return;
    const before = seen.current;
    seen.current = new Set([...(before ?? []), ...unread.map(({ id }) => id)]);
    if (!before) return;
    const fresh = unread.filter(({ id }) => !before.has(id));
    if (fresh.some(({ kind }) => kind !== "notice")) alarm();
    for (const notice of fresh) {
      const toast = `paged ${notice.incident?.id ?? notice.id}`;
      const { to, ...look } = lookOf(notice);
      // paged again for the same incident: one toast, the newest
      notifications.hide(toast);
      notifications.show({
        ...look,
        id: toast,
        autoClose: STAYS_MS,
        closeButtonProps: CLOSE,
        role: "alert",
        style: { cursor: "pointer" },
        onClick: () => {
          notifications.hide(toast);
          void navigate(to);
        },
      });
    }
  }, [unread, navigate]);
}

function lookOf({ kind, incident, cause }: Notice) {
  // nothing burns: shifts and sign-ins are nobody's alarm
  if (kind === "notice")
    return {
      color: "blue",
      icon: <IconInfoCircle size={18} aria-hidden />,
      title: "For your information",
      message: cause,
      to: { to: "/me", search: { tab: "notices" } },
    } as const;
  const paged = {
    color: "red.8",
    icon: <IconUrgent size={18} aria-hidden />,
  };
  if (!incident)
    return {
      ...paged,
      title: "A test",
      message: cause,
      to: { to: "/me", search: { tab: "notices" } },
    } as const;
  return {
    ...paged,
    title: `You are paged: #${incident.number}`,
    message: `${incident.title} (${cause})`,
    to: {
      to: "/incidents/$incidentId",
      params: { incidentId: String(incident.number) },
    },
  } as const;
}
