import { Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { Chain } from "./Chain";
import { Entries } from "./Entries";

/** Who did what, for platform admins, and for admins of teams what is their teams'. */
export function AuditPage() {
  const { platform_admin: admin, memberships } = useMe();
  const reads = admin || memberships.some(({ role }) => role === "team_admin");
  return (
    <Page title="Audit">
      {reads ? (
        <Stack gap="md">
          {admin && <Chain />}
          <Entries />
        </Stack>
      ) : (
        <Empty icon={<IconLock size={40} />} title="For admins">
          They see here who changed what. Ask one of them.
        </Empty>
      )}
    </Page>
  );
}
