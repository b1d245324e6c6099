import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteMaintenanceWindow,
  type MaintenanceWindow,
  putMaintenanceWindow,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { withoutThisOne } from "./draft";

interface Props {
  window: MaintenanceWindow;
  onClose: () => void;
}

/** End work early, or call it off. */
export function EndModal({ window: kept, onClose }: Props) {
  const queryClient = useQueryClient();
  const path = { window_id: kept.id };
  const active = kept.state === "active";
  const again = kept.repeat_days !== null && kept.repeat_days !== undefined;
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (all: boolean) => {
      if (all) await deleteMaintenanceWindow({ path });
      else await putMaintenanceWindow({ path, body: withoutThisOne(kept) });
    },
    meta: { showsErrors: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["maintenance"] });
      toastDone(
        active ? `${kept.name} has ended` : `${kept.name} is called off`,
      );
      onClose();
    },
  });
  const forGood = again
    ? "End it for good"
    : active
      ? "End it now"
      : "Call it off";
  return (
    <Modal opened onClose={onClose} title={`${forGood}: ${kept.name}`}>
      <Stack>
        <Text size="sm">
          {active
            ? "What still fires pages people at once."
            : "Alerts page people then, as always."}{" "}
          {again
            ? "For good means that it never comes again."
            : "It goes from this list."}
        </Text>
        <Problem text={error?.message} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          {again && active && (
            <Button
              variant="default"
              loading={isPending}
              onClick={() => mutate(false)}
            >
              End this one only
            </Button>
          )}
          <Button loading={isPending} onClick={() => mutate(true)}>
            {forGood}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
