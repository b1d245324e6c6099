import { Alert, Button, Group, Text } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  deleteServiceTransfer,
  putServiceTransferAcceptance,
  type Service,
  type ServiceTransfer,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { toastDone } from "../../ui/toast";
import { STALE, transferQuery, transfersQuery } from "./queries";

/** That a service is offered to another team, and what either team may do about it. */
export function TransferNotice({ service }: { service: Service }) {
  const transfer = useQuery(transferQuery(service.id)).data;
  return transfer ? <Offer transfer={transfer} /> : null;
}

function Offer({ transfer }: { transfer: ServiceTransfer }) {
  const { service, from_team, to_team, note, asked_by, asked_at } = transfer;
  const me = useMe();
  const queryClient = useQueryClient();
  const mayTake = canEditTeam(me, to_team.id);
  const mayTakeBack = canEditTeam(me, from_team.id);
  const path = { service_id: service.id };
  const { mutate, isPending } = useMutation({
    mutationFn: async (take: boolean) => {
      if (take) await putServiceTransferAcceptance({ path });
      else await deleteServiceTransfer({ path });
      return take;
    },
    onSuccess: (taken) =>
      toastDone(
        taken
          ? `${service.name} belongs to ${to_team.name} now`
          : `${service.name} stays with ${from_team.name}`,
      ),
    onSettled: () =>
      Promise.all(
        STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      ),
  });
  return (
    <Alert
      icon={<IconArrowsExchange size={20} aria-hidden />}
      title={`${from_team.name} offers it to ${to_team.name}`}
    >
      <Text size="sm">
        {asked_by && `${asked_by.name} asked `}
        <Ago at={asked_at} />
        {note && `: “${note}”`}
      </Text>
      <Text size="sm" c="dimmed">
        Open incidents stay with the team that has them. Its escalation policy
        stays too, until somebody chooses another.
      </Text>
      <Group mt="xs" gap="xs">
        {mayTake && (
          <Button size="xs" loading={isPending} onClick={() => mutate(true)}>
            Take it for {to_team.name}
          </Button>
        )}
        {(mayTake || mayTakeBack) && (
          <Button
            size="xs"
            variant="default"
            loading={isPending}
            onClick={() => mutate(false)}
          >
            {mayTakeBack ? "Take the offer back" : "Decline"}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** The services that wait for one of my teams to take them. */
export function WaitingTransfers() {
  const waiting = useQuery(transfersQuery).data ?? [];
  if (waiting.length === 0) return null;
  return (
    <Alert
      icon={<IconArrowsExchange size={20} aria-hidden />}
      title="Offered to your teams"
    >
      {waiting.map(({ id, service, from_team, to_team }) => (
        <Text key={id} size="sm">
          <TextLink
            to="/services/$serviceId"
            params={{ serviceId: service.id }}
            inherit
          >
            {service.name}
          </TextLink>
          , by {from_team.name} to {to_team.name}
        </Text>
      ))}
    </Alert>
  );
}
