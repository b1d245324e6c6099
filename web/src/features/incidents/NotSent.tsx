import { Tooltip } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import { useUnsent } from "../../pwa/unsent";

/** A mark on an incident of which the server does not know yet what was done here. */
export function NotSent({ incidentId }: { incidentId: string }) {
  const waits = useUnsent().some(({ incident }) => incident.id === incidentId);
  if (!waits) return null;
  const words = "Not sent yet: sent as soon as there is a connection";
  return (
    <Tooltip label={words}>
      <IconCloudUp
        size={16}
        role="img"
        aria-label={words}
        style={{ flex: "none", marginInlineStart: 4 }}
      />
    </Tooltip>
  );
}
