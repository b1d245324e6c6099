import { Tabs, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { channelsQuery } from "../../api/channels";
import type { ChannelKind } from "../../api/generated";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { DeliveryLog } from "./DeliveryLog";
import { Findings } from "./Findings";
import { Providers } from "./Providers";
import { providersQuery } from "./queries";
import { stateOf } from "./state";

/** The ways to reach people: set them up, see how they do, and what went out. */
export function ChannelsPage() {
  const { platform_admin: admin } = useMe();
  const search: Record<string, string> = useSearch({ from: "/frame/channels" });
  const navigate = useNavigate();
  if (!admin)
    return (
      <Page title="Channels">
        <Empty icon={<IconLock size={40} />} title="For platform admins">
          They set up here how people are reached. Which of it reaches you, you
          say under “Me”.
        </Empty>
      </Page>
    );
  return (
    <Page title="Channels">
      <Tabs
        value={search.tab ?? "channels"}
        keepMounted={false}
        onChange={(tab) =>
          void navigate({ to: "/channels", search: { tab: tab ?? "channels" } })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="channels">Set-up</Tabs.Tab>
          <Tabs.Tab value="health">Health</Tabs.Tab>
          <Tabs.Tab value="log">Delivery log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="channels">
          <Channels />
        </Tabs.Panel>
        <Tabs.Panel value="health">
          <Findings />
          <Providers />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <DeliveryLog />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Channels() {
  const query = useQuery(channelsQuery);
  return (
    <Loaded what="The channels" query={query}>
      {(channels) => (
        <Rows label="Channels">
          {channels.map((channel) => (
            <ChannelRow key={channel.kind} channel={channel} />
          ))}
        </Rows>
      )}
    </Loaded>
  );
}

function ChannelRow({ channel }: { channel: ChannelKind }) {
  const providers = useQuery(providersQuery).data ?? [];
  const { why: _, ...state } = stateOf(channel, providers, useNow(10));
  return (
    <Row
      main={
        <>
          <TextLink
            to="/channels/$kind"
            params={{ kind: channel.kind }}
            fw={600}
          >
            {channel.title}
          </TextLink>
          <Text size="sm" c="dimmed">
            {channel.summary}
          </Text>
        </>
      }
      side={<StateLabel {...state} />}
    />
  );
}
