import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAntenna,
  IconCircleCheck,
  IconPlayerPause,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { EventSubscriptionOut } from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { subscriptionsQuery } from "./queries";
import { useOwners } from "./SecretModal";
import { kindsWords, SubscriptionModal } from "./SubscriptionModal";
import { WorkflowTabs } from "./WorkflowTabs";

/** Machines that are told of what happens. */
export function SubscriptionsPage() {
  const query = useQuery(subscriptionsQuery);
  const mayAdd = useOwners().length > 0;
  const [adding, { open, close }] = useDisclosure();
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New subscription
    </Button>
  );
  return (
    <Page title="Event subscriptions" actions={add}>
      <WorkflowTabs here="/event-subscriptions" />
      <Loaded what="The subscriptions" query={query}>
        {(found) =>
          found.length === 0 ? (
            <Empty
              icon={<IconAntenna size={40} />}
              title="No machine is told of events"
              action={add}
            >
              A subscription posts what happens to incidents to an address of
              yours, signed, in order for each incident, and tries again for two
              days. What reads the webhooks of PagerDuty can read these.
            </Empty>
          ) : (
            <Rows label="Event subscriptions">
              {found.map((each) => (
                <SubscriptionRow key={each.id} subscription={each} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <SubscriptionModal opened={adding} onClose={close} />
    </Page>
  );
}

function SubscriptionRow({
  subscription,
}: {
  subscription: EventSubscriptionOut;
}) {
  const { id, name, url, kinds, team_id } = subscription;
  const teams = useQuery(teamsQuery).data;
  const owner = team_id
    ? (teams?.find((team) => team.id === team_id)?.name ?? "…")
    : "The whole installation";
  return (
    <Row
      main={
        <>
          <TextLink
            to="/event-subscriptions/$subscriptionId"
            params={{ subscriptionId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed" ff="monospace" truncate>
            {url}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {owner} · {kindsWords(kinds)}
          </Text>
          <SubscriptionState subscription={subscription} />
        </>
      }
    />
  );
}

export function SubscriptionState({
  subscription,
}: {
  subscription: EventSubscriptionOut;
}) {
  return subscription.disabled_at ? (
    <StateLabel tone="yellow" icon={IconPlayerPause} word="Switched off" />
  ) : (
    <StateLabel tone="teal" icon={IconCircleCheck} word="On" />
  );
}
