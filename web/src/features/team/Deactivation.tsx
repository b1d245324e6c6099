import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deactivateUser,
  reactivateUser,
  type UserOut,
} from "../../api/generated";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { toastDone } from "../../ui/toast";

/** Let a person in no more, or again. */
export function Deactivation({ user }: { user: UserOut }) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const refresh = () =>
    Promise.all(
      [["users"], ["teams"], ["schedules"], ["on-call"]].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  const path = { user_id: user.id };
  const reactivate = useMutation({
    mutationFn: () => reactivateUser({ path }),
    onSuccess: async () => {
      await refresh();
      toastDone(`${user.name} can sign in and be paged again`);
    },
  });
  if (user.deactivated_at)
    return (
      <Button
        variant="default"
        leftSection={<IconUserCheck size={16} />}
        loading={reactivate.isPending}
        onClick={() => reactivate.mutate()}
      >
        Reactivate
      </Button>
    );
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUserOff size={16} />}
        onClick={open}
      >
        Deactivate …
      </Button>
      <TypedConfirm
        opened={asking}
        onClose={close}
        title={`Deactivate ${user.name}`}
        action="Deactivate"
        name={user.name}
        run={async () => {
          await deactivateUser({ path });
          await refresh();
        }}
      >
        They are signed out everywhere, their API keys end, and nobody pages
        them: their turns in schedules stay empty until you change those. You
        can reactivate them later.
      </TypedConfirm>
    </>
  );
}
