import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { methodsQuery } from "../../api/channels";
import {
  type ChannelKind,
  type ContactMethodOut,
  createContactLink,
} from "../../api/generated";
import { Countdown } from "../../ui/Ago";
import { CodeBlock } from "../../ui/CodeBlock";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { linkedSince } from "./method-state";
import { putInRules } from "./put-in-rules";
import { rulesQuery } from "./queries";

const LOOK_MS = 2_000;

interface Props {
  userId: string;
  channel: ChannelKind;
  onDone: () => void;
}

/** Link a chat: a line is sent from there, and this notices when it has come. */
export function LinkForm({ userId, channel, onDone }: Props) {
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: () =>
      createContactLink({
        path: { user_id: userId },
        body: { channel: channel.kind },
      }),
    meta: { showsErrors: true },
  });
  const over = useNow() >= Date.parse(data?.expires_at ?? "9999-01-01");
  useLinked({ userId, channel, onDone });
  return (
    <Stack>
      {data && !over ? (
        <>
          <Text size="sm">
            Send this line in {channel.title}, as the person you are there:
          </Text>
          <CodeBlock
            label="the line"
            text={(channel.link_line ?? "{code}").replace("{code}", data.code)}
          />
          <Group gap="xs" role="status">
            <Loader size="xs" />
            <Text size="sm" c="dimmed">
              Waiting for it. It counts for <Countdown at={data.expires_at} />.
            </Text>
          </Group>
        </>
      ) : (
        <>
          <Text size="sm">
            {over
              ? "The code is too old by now. Ask for another one."
              : `Your ${channel.title} account is linked by a line that you send from there. You get one that counts for ten minutes.`}
          </Text>
          <Problem text={error?.message} />
          <Group>
            <Button loading={isPending} onClick={() => mutate()}>
              Show me the line
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

/** Calls back once an address of this channel has come that was not there before. */
function useLinked({ userId, channel, onDone }: Props) {
  const { data: methods } = useQuery({
    ...methodsQuery(userId),
    refetchInterval: LOOK_MS,
  });
  const queryClient = useQueryClient();
  const [before, setBefore] = useState<readonly ContactMethodOut[]>();
  const { mutate, isIdle } = useMutation({
    mutationFn: (methodId: string) => putInRules(userId, methodId),
    onSuccess: () =>
      toastDone(`${channel.title} is linked: you can be paged there`),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: rulesQuery(userId).queryKey }),
  });
  useEffect(() => {
    if (!methods) return;
    if (!before) return setBefore(methods);
    const linked = linkedSince(before, methods, channel.kind);
    if (!linked || !isIdle) return;
    mutate(linked.id);
    onDone();
  }, [methods, before, channel, isIdle, mutate, onDone]);
}
