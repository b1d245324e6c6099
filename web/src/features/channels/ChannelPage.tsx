import { Alert, Grid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { channelsQuery } from "../../api/channels";
import type { ChannelKind } from "../../api/generated";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Markdown } from "../../ui/Markdown";
import { useNow } from "../../ui/now";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { ConfigForm } from "./ConfigForm";
import { howToOf } from "./config";
import { providersQuery } from "./queries";
import { stateOf } from "./state";
import { TryIt } from "./TryIt";

/** One channel: where it stands, its credentials, how to get them, and a test. */
export function ChannelPage() {
  const { kind } = useParams({ from: "/frame/channels/$kind" });
  const { platform_admin: admin } = useMe();
  const query = useQuery(channelsQuery);
  const channel = query.data?.find((each) => each.kind === kind);
  if (channel && admin) return <OneChannel channel={channel} />;
  return (
    <Page title="Channel">
      <Loaded what="The channel" query={query}>
        {() =>
          admin ? (
            <NoSuchChannel />
          ) : (
            <Empty icon={<IconLock size={40} />} title="For platform admins">
              They set up here how people are reached. Ask one of them.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function NoSuchChannel() {
  return (
    <Empty
      icon={<IconAlertTriangle size={40} />}
      title="There is no such channel"
      action={<ButtonLink to="/channels">All channels</ButtonLink>}
    >
      It is not part of this installation.
    </Empty>
  );
}

function OneChannel({ channel }: { channel: ChannelKind }) {
  const providers = useQuery(providersQuery).data ?? [];
  const { why, ...state } = stateOf(channel, providers, useNow(10));
  return (
    <Page title={channel.title}>
      <Stack gap={4}>
        <StateLabel {...state} />
        <Text size="sm" c="dimmed">
          {channel.summary}
        </Text>
      </Stack>
      {why && (
        <Alert
          role="alert"
          color={state.tone}
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          maw={760}
        >
          {why}
        </Alert>
      )}
      <Grid gap={{ base: "lg", md: "xl" }}>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="xl">
            <Section title="Credentials">
              <Credentials key={channel.setup?.updated_at} channel={channel} />
            </Section>
            {channel.set_up && <TryIt channel={channel} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Section title="How it works">
            <Markdown text={howToOf(channel.how_to, window.location.origin)} />
          </Section>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Credentials({ channel }: { channel: ChannelKind }) {
  const { setup, set_up } = channel;
  if (setup?.source === "operator")
    return (
      <Text size="sm">
        Whoever runs PageFree has set this up in its settings. It can only be
        changed there.
      </Text>
    );
  if (setup) return <ConfigForm channel={channel} setup={setup} />;
  return (
    <Text size="sm">
      {set_up
        ? "It needs none: people add their own addresses under “Me”."
        : "Whoever runs PageFree sets this up in its settings, then starts it anew."}
    </Text>
  );
}
