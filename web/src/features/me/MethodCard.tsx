import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ChannelKind, ContactMethodOut } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { SentFate } from "../../ui/SentFate";
import { StateLabel } from "../../ui/StateLabel";
import { MethodMenu } from "./MethodMenu";
import { addressWords, stateOf } from "./method-state";
import { useMethod } from "./use-method";
import { VerifyModal } from "./VerifyModal";

interface Props {
  userId: string;
  method: ContactMethodOut;
  channel: ChannelKind | undefined;
}

/** One address: does it work, prove it, try it, switch it off, remove it. */
export function MethodCard({ userId, method, channel }: Props) {
  const { test, change, remove } = useMethod(userId, method);
  const [verifying, setVerifying] = useState(false);
  const { why, ...state } = stateOf(method, channel);
  const title = channel?.title ?? method.channel;
  const address = addressWords(method);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs" align="start">
        <Stack gap={2} miw={0} flex="1 1 240px">
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {method.label || title}
            </Text>
            <StateLabel {...state} />
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {title}
            {address && ` · ${address}`}
          </Text>
          {why && <Text size="sm">{why}</Text>}
          {method.proven_at && (
            <Text size="sm" c="dimmed">
              Last proof: <Ago at={method.proven_at} />
            </Text>
          )}
          {test.data && (
            <SentFate
              key={test.data.notificationId}
              sent={test.data}
              what="The test"
            />
          )}
        </Stack>
        <Group gap="xs" wrap="nowrap">
          {method.disabled_at ? (
            <Button
              size="xs"
              loading={change.isPending}
              onClick={() => change.mutate(false)}
            >
              Use it again
            </Button>
          ) : method.unverified_since && channel?.verify === "code" ? (
            <Button
              size="xs"
              disabled={!channel.set_up}
              onClick={() => setVerifying(true)}
            >
              Verify it
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              disabled={channel?.set_up === false}
              onClick={() => test.mutate()}
            >
              Send a test
            </Button>
          )}
          <MethodMenu
            name={method.label || title}
            used={!method.disabled_at}
            removable={channel?.user_addable !== false}
            onStop={() => change.mutate(true)}
            onRemove={() => remove.mutate()}
          />
        </Group>
      </Group>
      {verifying && (
        <VerifyModal
          userId={userId}
          method={method}
          onClose={() => setVerifying(false)}
        />
      )}
    </Paper>
  );
}
