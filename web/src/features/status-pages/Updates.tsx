import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  deleteStatusUpdate,
  type StatusPage,
  type StatusUpdate,
} from "../../api/generated";
import { At } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";
import { toastDone } from "../../ui/toast";
import { CorrectForm } from "./CorrectForm";
import { Corrections } from "./Corrections";
import { lookOfStatus } from "./states";

interface Props {
  page: StatusPage;
  updates: StatusUpdate[];
  mayCorrect: boolean;
}

/** Everything told, newest first; what waits for its time is on top. */
export function Updates({ page, updates, mayCorrect }: Props) {
  const [correcting, setCorrecting] = useState<StatusUpdate>();
  if (updates.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing yet.
      </Text>
    );
  return (
    <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {updates.map((update) => (
        <li key={update.id}>
          <One
            update={update}
            mayCorrect={mayCorrect}
            onCorrect={() => setCorrecting(update)}
          />
        </li>
      ))}
      {correcting && (
        <CorrectForm
          page={page}
          update={correcting}
          onClose={() => setCorrecting(undefined)}
        />
      )}
    </Stack>
  );
}

interface OneProps {
  update: StatusUpdate;
  mayCorrect: boolean;
  onCorrect: () => void;
}

function One({ update, mayCorrect, onCorrect }: OneProps) {
  const { status, body, published_at, display_at, corrections } = update;
  return (
    <Paper withBorder p="md">
      <Stack gap={6}>
        <Group gap="md" justify="space-between">
          <StateLabel {...lookOfStatus(status)} />
          <Text size="sm" c="dimmed">
            {published_at ? (
              <At at={display_at} />
            ) : (
              <>
                will be told at <At at={update.publish_at} />
              </>
            )}
            {words(update)}
          </Text>
        </Group>
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {body}
        </Text>
        <Corrections corrections={corrections} />
        {mayCorrect && (
          <Group gap={4} ml={-8}>
            <Button variant="subtle" size="compact-sm" onClick={onCorrect}>
              {published_at ? "Correct it" : "Change it"}
            </Button>
            {!published_at && <CallOff update={update} />}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** " · by Ana · partners only · quiet · dated back" */
function words(update: StatusUpdate): string {
  const { told_to, quiet, created_by, published_at, display_at } = update;
  // what is dated by a minute was only slow
  const back =
    published_at !== null &&
    Date.parse(published_at) - Date.parse(display_at) > 60_000;
  return [
    created_by && `by ${created_by.name}`,
    told_to === "partners" && "partners only",
    quiet && "quiet",
    back && "dated back",
  ]
    .filter(Boolean)
    .map((word) => ` · ${word}`)
    .join("");
}

function CallOff({ update }: { update: StatusUpdate }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => deleteStatusUpdate({ path: { update_id: update.id } }),
    onSuccess: () => toastDone("It will not be told"),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["status-pages"] }),
  });
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={isPending}
      onClick={() => mutate()}
    >
      Do not tell it
    </Button>
  );
}
