import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useUpdate } from "../pwa/register";

const TOAST = "update";

/** Offers the new version once it is there; nothing reloads by itself under a reader. */
export function useUpdateToast() {
  const update = useUpdate();
  useEffect(() => {
    if (!update) return;
    notifications.show({
      id: TOAST,
      autoClose: false,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">A new version of PageFree is here.</Text>
          <Button size="compact-sm" onClick={update}>
            Use it
          </Button>
        </Group>
      ),
    });
  }, [update]);
}
