import { Alert, Button, Group } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/errors";
import { lockPostmortem, type PostmortemDetail } from "../../api/generated";
import { ErrorNotice } from "../../ui/ErrorNotice";
import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Editor } from "./Editor";
import { PostmortemHead } from "./PostmortemHead";
import { postmortemQuery } from "./queries";
import { Reading } from "./Reading";

const LOOK_MS = 10_000;

/** Takes the lock, then lets write; while somebody else has it, says who. */
export function Editing({ postmortem }: { postmortem: PostmortemDetail }) {
  const { id, title } = postmortem;
  const queryClient = useQueryClient();
  const [mine, setMine] = useState<PostmortemDetail>();
  // a lock is taken and lost without an event for each save
  useQuery({ ...postmortemQuery(id), refetchInterval: LOOK_MS });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (take_over: boolean) =>
      lockPostmortem({ path: { postmortem_id: id }, body: { take_over } }),
    meta: { showsErrors: true },
    onSuccess: (locked) => {
      queryClient.setQueryData(postmortemQuery(id).queryKey, locked);
      setMine(locked);
    },
  });
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate(false);
  }, [mutate]);

  if (mine)
    return (
      <Editor
        initial={mine}
        postmortem={postmortem}
        onTakeOver={() =>
          lockPostmortem({
            path: { postmortem_id: id },
            body: { take_over: true },
          })
        }
      />
    );
  const isLocked = error instanceof ApiError && error.code === "locked";
  return (
    <Page title={title} head={<PostmortemHead postmortem={postmortem} />}>
      {isPending && <Lines count={2} />}
      {isLocked && (
        <Alert
          role="alert"
          color="yellow"
          icon={<IconLock aria-hidden />}
          title={error.message}
        >
          <Group gap="xs" mt="xs">
            <Button
              size="compact-md"
              variant="default"
              onClick={() => mutate(false)}
            >
              Try again
            </Button>
            <Button size="compact-md" onClick={() => mutate(true)}>
              Take over
            </Button>
          </Group>
        </Alert>
      )}
      {error && !isLocked && (
        <ErrorNotice
          what="The editor"
          error={error}
          onRetry={() => mutate(false)}
        />
      )}
      <Reading postmortem={postmortem} />
    </Page>
  );
}
