import { notifications } from "@mantine/notifications";
import { IconUrgent } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { alarm } from "../pwa/device-settings";
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
    if (fresh.length > 0) alarm();
    for (const { id, incident, cause } of fresh) {
      const toast = `paged ${incident?.id ?? id}`;
      // paged again for the same incident: one toast, the newest
      notifications.hide(toast);
      notifications.show({
        id: toast,
        color: "red.8",
        icon: <IconUrgent size={18} aria-hidden />,
        title: incident ? `You are paged: #${incident.number}` : "A test",
        message: incident ? `${incident.title} (${cause})` : cause,
        autoClose: STAYS_MS,
        role: "alert",
        style: { cursor: "pointer" },
        onClick: () => {
          notifications.hide(toast);
          void navigate(
            incident
              ? {
                  to: "/incidents/$incidentId",
                  params: { incidentId: String(incident.number) },
                }
              : { to: "/me", search: { tab: "notices" } },
          );
        },
      });
    }
  }, [unread, navigate]);
}
