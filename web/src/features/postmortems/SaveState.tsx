import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCloudUpload,
  IconLock,
} from "@tabler/icons-react";
import { useState } from "react";
import type { PostmortemDetail } from "../../api/generated";
import { toastError } from "../../ui/toast";
import type { Draft } from "./use-draft";

interface Props {
  draft: Draft;
  /** who has the lock instead of me */
  other: string | undefined;
  onTakeOver: () => Promise<PostmortemDetail>;
  fetchNewest: () => Promise<PostmortemDetail>;
}

/** Whether what was typed is safe, and what to do where it is not. */
export function SaveState(props: Props) {
  const { saving, keepMine, start, send } = props.draft;
  const [busy, setBusy] = useState(false);
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (error instanceof Error) toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const isLocked = saving.state === "locked" || props.other !== undefined;
  if (saving.state === "overtaken" || isLocked)
    return (
      <Alert
        role="alert"
        color="yellow"
        w="100%"
        icon={<IconLock aria-hidden />}
        title={
          "why" in saving
            ? saving.why
            : `${props.other ?? "Somebody"} is writing.`
        }
      >
        <Stack gap="xs">
          <Text size="sm">
            What you typed is still here, but it is not saved. Whichever you
            choose, the other one stays among the versions.
          </Text>
          <Group gap="xs">
            <Button
              size="compact-md"
              disabled={busy}
              onClick={() =>
                act(async () => {
                  const newest = isLocked
                    ? await props.onTakeOver()
                    : await props.fetchNewest();
                  await keepMine(newest.version);
                })
              }
            >
              {isLocked ? "Take over with mine" : "Keep mine"}
            </Button>
            <Button
              size="compact-md"
              variant="default"
              disabled={busy}
              onClick={() => act(async () => start(await props.fetchNewest()))}
            >
              Show what is saved
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  if (saving.state === "failed")
    return (
      <Group gap="xs" role="alert" c="var(--mantine-color-error)">
        <IconAlertTriangle size={16} aria-hidden />
        <Text size="sm">Not saved: {saving.why}</Text>
        <Button size="compact-sm" variant="default" onClick={() => void send()}>
          Try again
        </Button>
      </Group>
    );
  const isSaved = saving.state === "saved";
  return (
    <Group gap={6} role="status" c="dimmed">
      {isSaved ? (
        <IconCircleCheck size={16} aria-hidden />
      ) : (
        <IconCloudUpload size={16} aria-hidden />
      )}
      <Text size="sm">{isSaved ? "All is saved" : "Saving …"}</Text>
    </Group>
  );
}
