import { Button, Group, Text } from "@mantine/core";
import {
  type Icon,
  IconCheck,
  IconClock,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import {
  type EventDeliveryOut,
  replayEventDelivery,
} from "../../api/generated";
import { Ago, Countdown } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel, type Tone } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";
import { deliveriesQuery } from "./queries";

const STATES: Readonly<
  Record<string, { tone: Tone; icon: Icon; word: string }>
> = {
  due: { tone: "gray", icon: IconClock, word: "Waits" },
  pending: { tone: "gray", icon: IconClock, word: "Waits" },
  sending: { tone: "blue", icon: IconClock, word: "Being sent" },
  delivered: { tone: "teal", icon: IconCheck, word: "Taken" },
  failed: { tone: "orange", icon: IconX, word: "Given up" },
};

/** What a subscription was sent, the newest first; any of it can be sent anew. */
export function Deliveries({ id }: { id: string }) {
  const query = useInfiniteQuery(deliveriesQuery(id));
  return (
    <Loaded what="What it was sent" query={query}>
      {({ pages }) => {
        const found = pages.flatMap(({ items }) => items);
        if (found.length === 0)
          return (
            <Text size="sm" c="dimmed">
              Nothing yet: the next event of these kinds is the first.
            </Text>
          );
        return (
          <>
            <Rows label="Deliveries">
              {found.map((delivery) => (
                <Delivery
                  key={delivery.id}
                  subscriptionId={id}
                  delivery={delivery}
                />
              ))}
            </Rows>
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}

interface DeliveryProps {
  subscriptionId: string;
  delivery: EventDeliveryOut;
}

function Delivery({ subscriptionId, delivery }: DeliveryProps) {
  const { id, kind, status, answer, attempts, due_at, created_at } = delivery;
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      replayEventDelivery({
        path: { subscription_id: subscriptionId, delivery_id: id },
      }),
    onSuccess: () => {
      toastDone("It is sent once more");
      return queryClient.invalidateQueries({
        queryKey: ["event-subscriptions", subscriptionId],
      });
    },
  });
  const look = STATES[status] ?? {
    tone: "gray" as const,
    icon: IconClock,
    word: status,
  };
  return (
    <Row
      main={
        <>
          <Group gap="xs">
            <StateLabel {...look} />
            <Text size="sm" ff="monospace">
              {kind}
            </Text>
          </Group>
          {answer && (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {answer}
            </Text>
          )}
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {attempts === 1 ? "1 try" : `${attempts} tries`}
            {due_at && attempts > 0 && (
              <>
                , again in <Countdown at={due_at} />
              </>
            )}
          </Text>
          <Text size="sm" c="dimmed">
            <Ago at={created_at} />
          </Text>
          {delivery.incident_id && (
            <TextLink
              to="/incidents/$incidentId"
              params={{ incidentId: delivery.incident_id }}
              size="sm"
            >
              Incident
            </TextLink>
          )}
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={isPending}
            onClick={() => mutate()}
          >
            Send anew
          </Button>
        </>
      }
    />
  );
}
