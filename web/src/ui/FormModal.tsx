import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEventHandler, ReactNode } from "react";
import { Problem } from "./Problem";
import { useSmall } from "./small";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** the verb on the button: "Add the service" */
  action: string;
  /** what was done cannot simply be taken back */
  dangerous?: boolean;
  disabled?: boolean;
  busy: boolean;
  problem: string | undefined;
  onSubmit: FormEventHandler<HTMLFormElement>;
  children: ReactNode;
}

/** A short form over the page; the whole screen on a phone. */
export function FormModal(props: Props) {
  const small = useSmall();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size="lg"
      fullScreen={small}
    >
      <form onSubmit={props.onSubmit}>
        <Stack>
          {props.children}
          <Problem text={props.problem} />
          <Group justify="end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={props.busy}
              disabled={props.disabled}
              color={props.dangerous ? "red.8" : undefined}
            >
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
