import { Alert, Button, Group, Switch, Text } from "@mantine/core";
import {
  type Icon,
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconKey,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  changeEventSubscription,
  deleteEventSubscription,
  type EventDeliveryOut,
  type EventSubscriptionOut,
  replayEventDelivery,
  rotateEventSubscriptionSecret,
} from "../../api/generated";
import { Ago, Countdown } from "../../ui/Ago";
import { DeleteButton } from "../../ui/DeleteButton";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel, type Tone } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";
import { deliveriesQuery, subscriptionQuery } from "./queries";
import { kindsWords, SecretOnce } from "./SubscriptionModal";

const FROM = "/frame/event-subscriptions/$subscriptionId";

/** One subscription: whether it is on, and everything that it was sent. */
export function SubscriptionPage() {
  const { subscriptionId } = useParams({ from: FROM });
  const query = useQuery(subscriptionQuery(subscriptionId));
  if (!query.data)
    return (
      <Page title="Event subscription">
        <Loaded what="The subscription" query={query}>
          {() => null}
        </Loaded>
      </Page>
    );
  return <Subscription subscription={query.data} />;
}

interface Props {
  subscription: EventSubscriptionOut;
}

function Subscription({ subscription }: Props) {
  const { id, name, url, shape, kinds, disabled_at, disabled_reason } =
    subscription;
  return (
    <Page title={name} actions={<Actions subscription={subscription} />}>
      {disabled_at && (
        <Alert
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title="Nothing is sent"
        >
          {disabled_reason ?? "Somebody switched it off"} (
          <Ago at={disabled_at} />
          ). What happens meanwhile is not kept for it. Once its address answers
          again, switch it on, and send anew what it missed.
        </Alert>
      )}
      <Facts>
        <Fact name="Address">
          <Text span inherit ff="monospace">
            {url}
          </Text>
        </Fact>
        <Fact name="Events">{kindsWords(kinds)}</Fact>
        <Fact name="Shape">
          {shape === "pagerduty_v3"
            ? "as PagerDuty’s V3 webhooks"
            : "Standard Webhooks"}
        </Fact>
      </Facts>
      <Section title="What it was sent">
        <Deliveries id={id} />
      </Section>
    </Page>
  );
}

function Actions({ subscription }: Props) {
  const { id, name, disabled_at } = subscription;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const path = { subscription_id: id };
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["event-subscriptions"] });
  const turn = useMutation({
    mutationFn: (enabled: boolean) =>
      changeEventSubscription({ path, body: { enabled } }),
    onSettled: refresh,
  });
  const [secret, setSecret] = useState<string | null>(null);
  const rotate = useMutation({
    mutationFn: () => rotateEventSubscriptionSecret({ path }),
    onSuccess: (made) => setSecret(made.secret),
  });
  return (
    <>
      <Switch
        label={disabled_at ? "Off" : "On"}
        aria-label={`${name} is on`}
        checked={!disabled_at}
        disabled={turn.isPending}
        onChange={(event) => turn.mutate(event.currentTarget.checked)}
      />
      <Button
        variant="default"
        leftSection={<IconKey size={16} />}
        title="The one before signs too for a day"
        loading={rotate.isPending}
        onClick={() => rotate.mutate()}
      >
        New secret
      </Button>
      <DeleteButton
        what="the subscription"
        name={name}
        run={async () => {
          await deleteEventSubscription({ path });
          await navigate({ to: "/event-subscriptions" });
          await refresh();
        }}
      >
        It is told nothing any more, and what it was sent is forgotten.
      </DeleteButton>
      <SecretOnce secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}

const STATES: Readonly<
  Record<string, { tone: Tone; icon: Icon; word: string }>
> = {
  due: { tone: "gray", icon: IconClock, word: "Waits" },
  pending: { tone: "gray", icon: IconClock, word: "Waits" },
  sending: { tone: "blue", icon: IconClock, word: "Being sent" },
  delivered: { tone: "teal", icon: IconCheck, word: "Taken" },
  failed: { tone: "orange", icon: IconX, word: "Given up" },
};

function Deliveries({ id }: { id: string }) {
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
