import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type IncidentOut,
  type Integration,
  type Notification,
  sendTestAlert,
} from "../../api/generated";
import { fateOf } from "../../ui/fate";
import { ButtonLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { StateLabel } from "../../ui/StateLabel";
import { useChannelTitle } from "../../ui/use-channel-title";

interface Props {
  integration: Integration | undefined;
  service: { name: string };
  page: { incident: IncidentOut; told: Notification[] } | undefined;
}

/** nobody is told of an incident that has had this long, unless it escalates */
const SOON_MS = 60_000;

/** Let a test alert through, and watch it become a page. */
export function FirstPage({ integration, service, page }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending, isSuccess } = useMutation({
    mutationFn: (id: string) => sendTestAlert({ path: { integration_id: id } }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["set-up"] }),
        queryClient.invalidateQueries({ queryKey: ["incidents"] }),
      ]),
  });
  const id = integration?.id;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {page
          ? "An alert has opened an incident, and this became of it:"
          : `A sample is taken in as if a tool had sent it: it opens an incident of ${service.name} and pages whoever is on call.`}
      </Text>
      {page ? (
        <Told page={page} />
      ) : (
        isSuccess && <Waiting text="The incident opens …" />
      )}
      <Group gap="xs">
        {page && (
          <ButtonLink
            to="/incidents/$incidentId"
            params={{ incidentId: String(page.incident.number) }}
          >
            Open the incident
          </ButtonLink>
        )}
        {id && (
          <Button
            variant={page ? "default" : "filled"}
            leftSection={<IconSend size={16} />}
            loading={isPending}
            onClick={() => mutate(id)}
          >
            {page ? "Send another test alert" : "Send a test alert"}
          </Button>
        )}
      </Group>
      {!id && (
        <Text size="sm" c="dimmed">
          Connect a tool first: the test takes the way of its alerts.
        </Text>
      )}
    </Stack>
  );
}

function Told({ page }: { page: NonNullable<Props["page"]> }) {
  const titleOf = useChannelTitle();
  const age = useNow() - Date.parse(page.incident.opened_at);
  if (page.told.length === 0)
    return page.incident.status === "triggered" && age < SOON_MS ? (
      <Waiting text="Paging …" />
    ) : (
      <Text size="sm" role="status">
        Nobody was told of it by a message. Its page says why; a test alert
        shows what happens now.
      </Text>
    );
  return (
    <Stack gap={4} role="status" aria-live="polite">
      {page.told.map((each) => (
        <Group key={each.id} gap={8}>
          <Text size="sm">
            {each.user.name}, {titleOf(each.channel)}:
          </Text>
          <StateLabel {...fateOf(each)} />
        </Group>
      ))}
    </Stack>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" type="dots" />
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}
