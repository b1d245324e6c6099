import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const UNDO_MS = 8_000;

/** Say what happened, with a way back for a few seconds. */
export function toastUndo(message: string, onUndo: () => void) {
  const id = notifications.show({
    autoClose: UNDO_MS,
    withCloseButton: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
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

/** Take back "you are paged" for an incident that somebody has now. */
export function hidePaged(incidentId: string) {
  notifications.hide(`paged ${incidentId}`);
}

/** Say that something was done. */
export function toastDone(message: string) {
  notifications.show({ message, autoClose: 4_000 });
}

/** Say what failed, and why. */
export function toastError(error: Error) {
  notifications.show({
    color: "red",
    title: "That did not work",
    message: error.message,
    autoClose: 10_000,
    role: "alert",
  });
}
