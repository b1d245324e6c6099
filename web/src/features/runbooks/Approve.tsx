import { Button, PasswordInput, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/errors";
import {
  approveRunbookVersion,
  confirmSession,
  type VersionOut,
} from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";

interface Props {
  runbookId: string;
  version: VersionOut;
}

/** Say yes to what is shown here; the server asks for the password when it was not typed lately. */
export function Approve({ runbookId, version }: Props) {
  const me = useMe();
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const [comment, setComment] = useState("");
  const [password, setPassword] = useState("");
  const [wantsPassword, setWantsPassword] = useState(false);
  const { number, content_hash } = version;
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async () => {
      if (wantsPassword) await confirmSession({ body: { password } });
      return approveRunbookVersion({
        path: { runbook_id: runbookId, number },
        body: { content_hash, comment: comment.trim() },
      });
    },
    meta: { showsErrors: true },
    onSuccess: ({ state }) => {
      toastDone(
        state === "approved"
          ? `Version ${number} is approved: it can run`
          : `Version ${number} still needs somebody else`,
      );
      leave();
    },
    onError: (problem) => {
      if (isUnconfirmed(problem)) setWantsPassword(true);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  const leave = () => {
    setPassword("");
    setWantsPassword(false);
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
        action={wantsPassword ? "Confirm and approve" : "Approve it"}
        disabled={wantsPassword && password === ""}
        busy={isPending}
        problem={isUnconfirmed(error) ? undefined : error?.message}
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
        {wantsPassword && (
          <>
            {/* so that password managers know whose it is */}
            <input
              type="text"
              autoComplete="username"
              value={me.email}
              readOnly
              hidden
            />
            <PasswordInput
              label="Your password"
              description="Whoever approves proves that it is still them; it holds for five minutes"
              autoComplete="current-password"
              required
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </>
        )}
      </FormModal>
    </>
  );
}

function isUnconfirmed(error: Error | null): boolean {
  return error instanceof ApiError && error.code === "not_confirmed";
}
