import { Button, Group, Text } from "@mantine/core";
import { IconCheck, IconClock, IconMailOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  removeStatusSubscriber,
  resumeStatusSubscriber,
  type StatusPage,
  type StatusSubscriber,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";
import { SUBSCRIBERS } from "./subscriber-queries";
import { about, WAYS } from "./subscriber-words";

interface Props {
  page: StatusPage;
  subscriber: StatusSubscriber;
}

/** Somebody who follows the page, and what can be done about it. */
export function SubscriberRow({ page, subscriber }: Props) {
  const path = { page_id: page.id, subscriber_id: subscriber.id };
  const { address, way } = subscriber;
  const remove = useChange(
    () => removeStatusSubscriber({ path }),
    `${address} is removed`,
  );
  const resume = useChange(
    () => resumeStatusSubscriber({ path }),
    `${address} gets messages again`,
  );
  return (
    <Row
      main={
        <>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {address}
          </Text>
          <Text size="sm" c="dimmed">
            {WAYS[way]} · {about(subscriber)} ·{" "}
            <Ago at={subscriber.created_at} />
          </Text>
        </>
      }
      side={
        <Group gap="xs">
          <Standing subscriber={subscriber} />
          {subscriber.stopped_at && (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Send to ${address} again`}
              loading={resume.isPending}
              onClick={() => resume.mutate()}
            >
              Send again
            </Button>
          )}
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            aria-label={`Remove ${address}`}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Remove
          </Button>
        </Group>
      }
    />
  );
}

function Standing({ subscriber }: { subscriber: StatusSubscriber }) {
  if (subscriber.stopped_at)
    return <StateLabel tone="red" icon={IconMailOff} word="Does not arrive" />;
  return subscriber.confirmed_at ? (
    <StateLabel tone="teal" icon={IconCheck} word="Confirmed" />
  ) : (
    <StateLabel tone="gray" icon={IconClock} word="Not confirmed" />
  );
}

function useChange(change: () => Promise<unknown>, done: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => toastDone(done),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SUBSCRIBERS }),
  });
}
