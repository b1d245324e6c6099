import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconShieldOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { resetFactors, type UserOut } from "../../api/generated";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";

/** Help somebody who has lost every device that they sign in with. */
export function ResetFactors({ user }: { user: UserOut }) {
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      withStepUp(() => resetFactors({ path: { user_id: user.id } })),
    onSuccess: () =>
      toastDone(`${user.name} can sign in with the password alone`),
  });
  const ask = () =>
    modals.openConfirmModal({
      title: `Remove the second factors of ${user.name}?`,
      children: (
        <Text size="sm">
          Their authenticator app, passkeys and recovery codes count no more;
          they are told that it was you. Make sure that it is really them who
          asks.
        </Text>
      ),
      labels: { confirm: "Remove them", cancel: "Keep them" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Button
      variant="default"
      leftSection={<IconShieldOff size={16} />}
      loading={isPending}
      onClick={ask}
    >
      Reset second factors …
    </Button>
  );
}
