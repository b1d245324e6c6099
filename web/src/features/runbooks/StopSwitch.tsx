import { Button, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  letRunbookGo,
  type RunbookDetail,
  stopRunbook,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";

/** The kill switch of one runbook. */
export function StopSwitch({ runbook }: { runbook: RunbookDetail }) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [reason, setReason] = useState("");
  const path = { runbook_id: runbook.id };
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["runbooks"] });
  const stop = useMutation({
    mutationFn: () => stopRunbook({ path, body: { reason: reason.trim() } }),
    meta: { showsErrors: true },
    onSuccess: () => {
      setReason("");
      close();
    },
    onSettled: refresh,
  });
  const letGo = useMutation({
    mutationFn: () => letRunbookGo({ path }),
    onSuccess: () => toastDone(`${runbook.name} can run again`),
    onSettled: refresh,
  });
  if (runbook.stopped_at)
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={16} />}
        loading={letGo.isPending}
        onClick={() => letGo.mutate()}
      >
        Let it go again
      </Button>
    );
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconHandStop size={16} />}
        onClick={open}
      >
        Stop…
      </Button>
      <FormModal
        opened={asking}
        onClose={close}
        title={`Stop ${runbook.name}`}
        action="Stop it"
        disabled={reason.trim() === ""}
        busy={stop.isPending}
        problem={stop.error?.message}
        onSubmit={(event) => {
          event.preventDefault();
          stop.mutate();
        }}
      >
        <Text size="sm">
          Nothing of it starts any more, also what is queued already. What runs
          now goes on: cancel it on its own page.
        </Text>
        <TextInput
          label="Why"
          description="Shown to whoever wants to run it"
          placeholder="It restarts the wrong worker"
          maxLength={200}
          required
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </FormModal>
    </>
  );
}
