import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** what the button does: a verb */
  action: string;
  busy: boolean;
  disabled?: boolean;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A question and the one action that answers it. */
export function ActionModal(props: Props) {
  const { title, action, busy, disabled, onAct, onClose, children } = props;
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAct();
        }}
      >
        <Stack>
          {children}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={disabled}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
