import { Button, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { approveRunbookVersion, type VersionOut } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";

interface Props {
  runbookId: string;
  version: VersionOut;
}

/** Say yes to what is shown here; the server asks who it is when that was not proven lately. */
export function Approve({ runbookId, version }: Props) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [comment, setComment] = useState("");
  const { number, content_hash } = version;
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () =>
      withStepUp(() =>
        approveRunbookVersion({
          path: { runbook_id: runbookId, number },
          body: { content_hash, comment: comment.trim() },
        }),
      ),
    meta: { showsErrors: true },
    onSuccess: ({ state }) => {
      toastDone(
        state === "approved"
          ? `Version ${number} is approved: it can run`
          : `Version ${number} still needs somebody else`,
      );
      leave();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  const leave = () => {
    reset();
    close();
  };
  return (
    <>
      <Button leftSection={<IconCheck size={16} />} onClick={open}>
        Approve…
      </Button>
      <FormModal
        opened={asking}
        onClose={leave}
        title={`Approve version ${number}`}
        action="Approve it"
        busy={isPending}
        problem={error?.message}
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Text size="sm">
          {version.approvals_needed > 1
            ? `It runs once ${version.approvals_needed} people have approved exactly this content.`
            : "From then on, whoever may run it can run exactly this content."}{" "}
          Your name stays with it.
        </Text>
        <Textarea
          label="Comment"
          description="Optional: what you have checked"
          autosize
          minRows={2}
          maxLength={2000}
          data-autofocus
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </FormModal>
    </>
  );
}
