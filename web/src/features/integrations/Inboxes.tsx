import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Unread } from "./Unread";
import { Unrouted } from "./Unrouted";

interface Props {
  tab: string | undefined;
  onTab: (tab: string) => void;
  /** what is connected */
  children: ReactNode;
}

/** What is connected, and what of that needs a hand. */
export function Inboxes({ tab, onTab, children }: Props) {
  return (
    <Tabs
      value={tab ?? "connected"}
      onChange={(next) => onTab(next === "connected" ? "" : (next ?? ""))}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        <Tabs.Tab value="connected">Connected</Tabs.Tab>
        <Tabs.Tab value="unreadable">Unreadable</Tabs.Tab>
        <Tabs.Tab value="unrouted">Unrouted</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="connected">{children}</Tabs.Panel>
      <Tabs.Panel value="unreadable">
        <Unread />
      </Tabs.Panel>
      <Tabs.Panel value="unrouted">
        <Unrouted />
      </Tabs.Panel>
    </Tabs>
  );
}
