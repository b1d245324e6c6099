import { Button, Stack, Tabs } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMe } from "../../me";
import { signOut } from "../../sign-out";
import { Page } from "../../ui/Page";
import { Absence } from "./Absence";
import { ApiKeys } from "./ApiKeys";
import { ContactMethods } from "./ContactMethods";
import { Factors } from "./Factors";
import { Identities } from "./Identities";
import { MyShiftSettings } from "./MyShiftSettings";
import { Notices } from "./Notices";
import { Password } from "./Password";
import { Preferences } from "./Preferences";
import { Profile } from "./Profile";
import { Rules } from "./Rules";
import { Sessions } from "./Sessions";
import { SignInRules } from "./SignInRules";
import { ThisDevice } from "./ThisDevice";

const TABS = ["reach", "shifts", "notices", "profile", "security"] as const;
type Tab = (typeof TABS)[number];

const TITLES: Record<Tab, string> = {
  reach: "Reaching me",
  shifts: "Shifts",
  notices: "Notices",
  profile: "Profile",
  security: "Security",
};

const CONTENT: Record<Tab, ReactNode> = {
  reach: (
    <>
      <ContactMethods />
      <ThisDevice />
      <Rules />
      <Preferences />
    </>
  ),
  shifts: <MyShiftSettings />,
  notices: <Notices />,
  profile: (
    <>
      <Profile />
      <Absence />
    </>
  ),
  security: (
    <>
      <Password />
      <Factors />
      <Identities />
      <Sessions />
      <ApiKeys />
      <AdminsOnly>
        <SignInRules />
      </AdminsOnly>
    </>
  ),
};

/** Everything about whoever is signed in. */
export function MePage() {
  const me = useMe();
  const search: Record<string, string> = useSearch({ from: "/frame/me" });
  const navigate = useNavigate();
  const tab = TABS.find((each) => each === search.tab) ?? "reach";
  const { mutate, isPending } = useMutation({ mutationFn: signOut });
  return (
    <Page
      title={me.name}
      actions={
        <Button
          variant="default"
          leftSection={<IconLogout size={16} />}
          loading={isPending}
          onClick={() => mutate()}
        >
          Sign out
        </Button>
      }
    >
      <Tabs
        value={tab}
        onChange={(next) =>
          void navigate({ to: "/me", search: { tab: next ?? "reach" } })
        }
      >
        <Tabs.List mb="md">
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each} px={{ base: 6, sm: "md" }}>
              {TITLES[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Stack gap="xl" maw={760}>
            {CONTENT[tab]}
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function AdminsOnly({ children }: { children: ReactNode }) {
  return useMe().platform_admin ? children : null;
}
