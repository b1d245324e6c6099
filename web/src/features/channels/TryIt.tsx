import { Button, Group, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { methodsQuery } from "../../api/channels";
import { type ChannelKind, testChannel } from "../../api/generated";
import { useMe } from "../../me";
import { ButtonLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { SentFate } from "../../ui/SentFate";

/** A test to one's own address on this channel, and what becomes of it. */
export function TryIt({ channel }: { channel: ChannelKind }) {
  const me = useMe();
  const methods = useQuery(methodsQuery(me.id)).data;
  const mine = methods?.filter((each) => each.channel === channel.kind);
  const { mutate, data, isPending } = useMutation({
    mutationFn: async () => {
      const path = { channel: channel.kind };
      const { notification_id } = await testChannel({ path });
      return {
        notificationId: notification_id,
        channel: channel.kind,
        userId: me.id,
        at: Date.now(),
      };
    },
  });
  if (!mine) return null;
  return (
    <Section title="Try it">
      {mine.length > 0 ? (
        <Stack gap="xs">
          <Group gap="sm">
            <Button
              variant="default"
              leftSection={<IconSend size={16} />}
              loading={isPending}
              onClick={() => mutate()}
            >
              Send me a test
            </Button>
            <Text size="sm" c="dimmed">
              To {mine.at(-1)?.label || "your own address"}.
            </Text>
          </Group>
          {data && <SentFate sent={data} what="The test" />}
        </Stack>
      ) : (
        <Group gap="sm">
          <ButtonLink
            to="/me"
            search={channel.kind === "web_push" ? {} : { add: channel.kind }}
            variant="default"
          >
            Add my address
          </ButtonLink>
          <Text size="sm" c="dimmed">
            A test goes to an address of your own.
          </Text>
        </Group>
      )}
    </Section>
  );
}
