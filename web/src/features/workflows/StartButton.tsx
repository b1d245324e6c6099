import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { startWorkflow, type WorkflowOut } from "../../api/generated";

/** Starts it by hand, for no incident, and shows the run. */
export function StartButton({ workflow }: { workflow: WorkflowOut }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      startWorkflow({ path: { workflow_id: workflow.id }, body: {} }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["workflow-runs"] });
      await navigate({ to: "/workflow-runs/$runId", params: { runId: id } });
    },
  });
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={16} />}
      loading={isPending}
      disabled={!workflow.enabled}
      title={workflow.enabled ? undefined : "Switch it on first"}
      onClick={() => mutate()}
    >
      Start it now
    </Button>
  );
}
