import { Button, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconRepeat } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type InboundRequestDetail, replayRequest } from "../../api/generated";
import { toastDone } from "../../ui/toast";
import { outcomes } from "./outcomes";

interface Props {
  request: InboundRequestDetail;
  onOpen: (id: string) => void;
}

/** Take the request in once more, e.g. after the settings were mended. */
export function Replay({ request, onOpen }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => replayRequest({ path: { request_id: request.id } }),
    onSuccess: async ({ request_id, event_outcomes, outcome, error }) => {
      if (outcome === "quarantined") {
        toastDone(`It is still unreadable: ${error ?? "nobody knows why"}`);
      } else {
        toastDone(`It was taken in again: ${outcomes(event_outcomes)}`);
        onOpen(request_id);
      }
      await Promise.all(
        [["integrations"], ["requests"], ["incidents"], ["alerts"]].map(
          (queryKey) => queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const ask = () =>
    modals.openConfirmModal({
      title: "Replay the request",
      children: (
        <Text size="sm">
          It is taken in as if it had just come, and read as the settings are
          now: it may open an incident and page whoever is on call.
          {request.outcome === "rejected" &&
            " Its signature was wrong: be sure that it is what it seems."}
        </Text>
      ),
      labels: { confirm: "Replay it", cancel: "Cancel" },
      onConfirm: () => mutate(),
    });
  return (
    <Group>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRepeat size={16} />}
        loading={isPending}
        onClick={ask}
      >
        Replay
      </Button>
    </Group>
  );
}
