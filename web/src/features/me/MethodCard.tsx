import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Paper,
  Stack,
  Text,
} from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconBan, IconCircleCheck, IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type ChannelKind,
  type ContactMethodOut,
  deleteContactMethod,
  testContactMethod,
  updateContactMethod,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";

interface Props {
  userId: string;
  method: ContactMethodOut;
  channel: ChannelKind | undefined;
}

/** One address: does it work, try it, switch it off, remove it. */
export function MethodCard({ userId, method, channel }: Props) {
  const { test, change, remove } = useMethod(userId, method.id);
  const title = channel?.title ?? method.channel;
  const disabled = method.disabled_at !== null;
  const address = addressWords(method);
  const removable = channel?.user_addable !== false;
  const confirmRemoval = () =>
    modals.openConfirmModal({
      title: `Remove ${method.label || title}?`,
      children: (
        <Text size="sm">
          You are no longer paged there, and the rules that use it go too.
        </Text>
      ),
      labels: { confirm: "Remove it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => remove.mutate(),
    });
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Stack gap={2} miw={0}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {method.label || title}
            </Text>
            {disabled ? (
              <StateLabel tone="red" icon={IconBan} word="Not used" />
            ) : (
              <StateLabel tone="teal" icon={IconCircleCheck} word="In use" />
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {title}
            {address && ` · ${address}`}
          </Text>
          {method.proven_at && (
            <Text size="sm" c="dimmed">
              Last proof: <Ago at={method.proven_at} />
            </Text>
          )}
          {disabled && method.disabled_reason && (
            <Text size="sm">{method.disabled_reason}</Text>
          )}
        </Stack>
        <Group gap="xs" wrap="nowrap">
          {disabled ? (
            <Button
              size="xs"
              loading={change.isPending}
              onClick={() => change.mutate(false)}
            >
              Use it again
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Send a test
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label="More">
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {!disabled && (
                <Menu.Item onClick={() => change.mutate(true)}>
                  Stop using it
                </Menu.Item>
              )}
              <Menu.Item disabled={!removable} onClick={confirmRemoval}>
                Remove…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
    </Paper>
  );
}

/** What of an address tells people something: of a subscription only whose service it is. */
function addressWords({ address }: ContactMethodOut): string {
  const { endpoint } = address;
  return typeof endpoint === "string"
    ? (endpoint.split("/")[2] ?? "")
    : Object.values(address).map(String).join(" ");
}

function useMethod(userId: string, methodId: string) {
  const queryClient = useQueryClient();
  const path = { user_id: userId, method_id: methodId };
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ["contact-methods", userId] }),
      queryClient.invalidateQueries({
        queryKey: ["notification-rules", userId],
      }),
    ]);
  return {
    test: useMutation({
      mutationFn: () => testContactMethod({ path }),
      onSuccess: () => toastDone("A test is on its way"),
    }),
    change: useMutation({
      mutationFn: (disabled: boolean) =>
        updateContactMethod({ path, body: { disabled } }),
      onSettled: refresh,
    }),
    remove: useMutation({
      mutationFn: () => deleteContactMethod({ path }),
      onSettled: refresh,
    }),
  };
}
