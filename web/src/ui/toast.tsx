import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const UNDO_MS = 8_000;
/** What its cross says to who cannot see it. */
export const CLOSE = { "aria-label": "Close" };

/** Say what happened, with a way back for a few seconds. */
export function toastUndo(message: string, onUndo: () => void, name?: string) {
  const id = notifications.show({
    id: name,
    autoClose: UNDO_MS,
    withCloseButton: true,
    closeButtonProps: CLOSE,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          flex="none"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

/** Say that something is kept until there is a connection, with a way back until then. */
export function toastKept(id: number, message: string, onUndo: () => void) {
  toastUndo(message, onUndo, `kept ${id}`);
}

/** It is not kept any more. */
export function hideKept(id: number) {
  notifications.hide(`kept ${id}`);
}

/** Take back "you are paged" for an incident that somebody has now. */
export function hidePaged(incidentId: string) {
  notifications.hide(`paged ${incidentId}`);
}

/** Say that something was done. */
export function toastDone(message: string) {
  notifications.show({ message, autoClose: 4_000, closeButtonProps: CLOSE });
}

/** Say what failed, and why. */
export function toastError(error: Error) {
  notifications.show({
    color: "red",
    title: "That did not work",
    message: error.message,
    autoClose: 10_000,
    closeButtonProps: CLOSE,
    role: "alert",
  });
}
