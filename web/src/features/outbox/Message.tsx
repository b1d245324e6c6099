import { Code, Group, Paper, Stack, Text } from "@mantine/core";
import {
  type Icon,
  IconBell,
  IconBrandDiscord,
  IconBrandSlack,
  IconBrandTeams,
  IconBrandTelegram,
  IconDeviceMobile,
  IconMail,
  IconMessage,
  IconPhone,
  IconWebhook,
} from "@tabler/icons-react";
import type { OutboxMessage } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Drawn } from "./Drawn";
import { MailBody } from "./MailBody";
import classes from "./Message.module.css";
import { pictureOf } from "./picture";

const MARKS: Record<string, Icon> = {
  email: IconMail,
  webhook: IconWebhook,
  web_push: IconBell,
  ntfy: IconDeviceMobile,
  pushover: IconDeviceMobile,
  voice: IconPhone,
  slack: IconBrandSlack,
  teams: IconBrandTeams,
  telegram: IconBrandTelegram,
  discord: IconBrandDiscord,
};

/** One message, as the person would see it. */
export function Message({ message }: { message: OutboxMessage }) {
  const { channel, recipient, user, title, at } = message;
  const Mark = MARKS[channel] ?? IconMessage;
  return (
    <Paper
      withBorder
      component="article"
      aria-label={title}
      className={classes.message}
    >
      <Group
        wrap="nowrap"
        align="start"
        gap="sm"
        p="sm"
        className={classes.head}
      >
        <Mark size={20} aria-hidden className={classes.mark} />
        <Stack gap={0} flex={1} miw={0}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="xs" c="dimmed">
            {user ? `${user.name} · ` : ""}
            {recipient}
          </Text>
        </Stack>
        <Text size="xs" c="dimmed">
          <Ago at={at} />
        </Text>
      </Group>
      <Body message={message} />
    </Paper>
  );
}

function Body({ message }: { message: OutboxMessage }) {
  if (message.html)
    return <MailBody html={message.html} title={message.title} />;
  const picture = pictureOf(message);
  if (picture) return <Drawn picture={picture} />;
  if (message.payload)
    return (
      <Code block className={classes.code}>
        {JSON.stringify(message.payload, null, 2)}
      </Code>
    );
  return (
    <Text size="sm" p="sm" style={{ whiteSpace: "pre-wrap" }}>
      {message.text}
    </Text>
  );
}
