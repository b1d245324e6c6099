import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Integration, sendTestAlert } from "../../api/generated";
import { toastDone } from "../../ui/toast";
import { outcomes } from "./outcomes";

/** Send the tool's own sample through, after saying what that does. */
export function TestButton({ integration }: { integration: Integration }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      sendTestAlert({ path: { integration_id: integration.id } }),
    onSuccess: async ({ event_outcomes }) => {
      toastDone(`The test arrived: ${outcomes(event_outcomes)}`);
      await Promise.all([
        queryClient.invalidateQueries({
          queryKey: ["integrations", integration.id],
        }),
        queryClient.invalidateQueries({ queryKey: ["incidents"] }),
      ]);
    },
  });
  const ask = () =>
    modals.openConfirmModal({
      title: "Send a test alert",
      children: (
        <Text size="sm">
          A sample of {integration.title} is taken in as if the tool had sent
          it: it opens an incident of {integration.service.name} and pages
          whoever is on call.
        </Text>
      ),
      labels: { confirm: "Send it", cancel: "Cancel" },
      onConfirm: () => mutate(),
    });
  return (
    <Button
      variant="default"
      leftSection={<IconSend size={16} />}
      loading={isPending}
      onClick={ask}
    >
      Send a test alert
    </Button>
  );
}
