import { Alert, Button, Switch, Text } from "@mantine/core";
import { IconAlertTriangle, IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  changeEventSubscription,
  deleteEventSubscription,
  type EventSubscriptionOut,
  rotateEventSubscriptionSecret,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { DeleteButton } from "../../ui/DeleteButton";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { Deliveries } from "./Deliveries";
import { subscriptionQuery } from "./queries";
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
