import { Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { FormModal } from "./FormModal";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  action: string;
  /** to be typed as it is, so that nobody does this by accident */
  name: string;
  run: () => Promise<unknown>;
  /** what will happen */
  children: ReactNode;
}

/** Ask for the name of a thing before doing what cannot be taken back. */
export function TypedConfirm(props: Props) {
  const [typed, setTyped] = useState("");
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: props.run,
    meta: { showsErrors: true },
    onSuccess: () => close(),
  });
  const close = () => {
    setTyped("");
    reset();
    props.onClose();
  };
  return (
    <FormModal
      opened={props.opened}
      onClose={close}
      title={props.title}
      action={props.action}
      dangerous
      disabled={typed.trim() !== props.name}
      busy={isPending}
      problem={error?.message}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Text size="sm">{props.children}</Text>
      <TextInput
        label={`Type “${props.name}” to confirm`}
        value={typed}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormModal>
  );
}
