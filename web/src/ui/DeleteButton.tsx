import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TypedConfirm } from "./TypedConfirm";

interface Props {
  what: string; // "the policy"
  name: string; // what has to be typed
  run: () => Promise<void>;
  children: ReactNode; // what happens then
}

/** Deletes a thing once its name has been typed. */
export function DeleteButton({ what, name, run, children }: Props) {
  const [asking, { open, close }] = useDisclosure();
  const action = `Delete ${what}`;
  return (
    <>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={action}
        onClick={open}
      >
        <IconTrash size={18} />
      </ActionIcon>
      <TypedConfirm
        opened={asking}
        onClose={close}
        title={`Delete ${name}`}
        action={action}
        name={name}
        run={run}
      >
        {children}
      </TypedConfirm>
    </>
  );
}
