import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteGap, deleteOverride, type Schedule } from "../../api/generated";
import { toastDone } from "../../ui/toast";
import type { Block } from "./lanes";

interface Props {
  block: Block;
  schedule: Schedule;
  onDone: () => void;
}

/** Remove the override or the declared gap that made this; what it covered is as before. */
export function TakeBack({ block, schedule, onDone }: Props) {
  const queryClient = useQueryClient();
  const { override, gapId } = block;
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      const path = { schedule_id: schedule.id };
      if (override)
        await deleteOverride({ path: { ...path, override_id: override.id } });
      else if (gapId) await deleteGap({ path: { ...path, gap_id: gapId } });
    },
    onSuccess: async () => {
      await Promise.all(
        [["schedules"], ["on-call"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
      toastDone("It is as it was before");
      onDone();
    },
  });
  if (!override && !gapId) return null;
  return (
    <Button
      size="md"
      variant="default"
      c="red"
      loading={isPending}
      onClick={() => mutate()}
    >
      {override ? "Remove the override" : "Remove the declared gap"}
    </Button>
  );
}
