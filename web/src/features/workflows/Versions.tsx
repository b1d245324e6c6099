import { Button, Group, Stack, Text } from "@mantine/core";
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import {
  saveWorkflowVersion,
  type WorkflowOut,
  type WorkflowVersionOut,
} from "../../api/generated";
import { ActionModal } from "../../ui/ActionModal";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Row, Rows } from "../../ui/Rows";
import { toastDone } from "../../ui/toast";
import { Comparison } from "./Comparison";
import { versionsQuery, vocabularyQuery } from "./queries";

interface Props {
  workflow: WorkflowOut;
  mayEdit: boolean;
}

/** Everything that was saved: how versions differ, and the way back. */
export function Versions({ workflow, mayEdit }: Props) {
  const query = useInfiniteQuery(versionsQuery(workflow.id));
  const vocabulary = useQuery(vocabularyQuery).data;
  const [shown, setShown] = useState<number | null>(null);
  return (
    <Loaded what="The versions" query={query}>
      {({ pages }) => (
        <Stack gap="sm">
          <Text size="sm" c="dimmed" maw={640}>
            A version never changes. Going back makes a new one that is like the
            old one, so that nothing is lost.
          </Text>
          <Rows label="Versions">
            {pages
              .flatMap(({ items }) => items)
              .map((version) => (
                <Version
                  key={version.number}
                  workflow={workflow}
                  version={version}
                  mayEdit={mayEdit}
                  shown={shown === version.number}
                  onShow={() =>
                    setShown(shown === version.number ? null : version.number)
                  }
                />
              ))}
          </Rows>
          <LoadMore {...query} />
          {shown !== null && shown > 1 && vocabulary && (
            <Comparison
              workflowId={workflow.id}
              before={shown - 1}
              after={shown}
              vocabulary={vocabulary}
            />
          )}
        </Stack>
      )}
    </Loaded>
  );
}

interface VersionProps extends Props {
  version: WorkflowVersionOut;
  shown: boolean;
  onShow: () => void;
}

function Version(props: VersionProps) {
  const { workflow, version, mayEdit, shown, onShow } = props;
  const { number, note, author, created_at } = version;
  const [asking, setAsking] = useState(false);
  const isNewest = number === workflow.version;
  return (
    <Row
      main={
        <>
          <Group gap="xs">
            <Text fw={600} size="sm">
              Version {number}
            </Text>
            {isNewest && (
              <Text size="sm" c="dimmed">
                what new runs follow
              </Text>
            )}
          </Group>
          {note && <Text size="sm">{note}</Text>}
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {author?.name ?? "PageFree"}, <Ago at={created_at} />
          </Text>
          {number > 1 && (
            <Button
              size="compact-sm"
              variant={shown ? "light" : "default"}
              aria-pressed={shown}
              onClick={onShow}
            >
              What changed
            </Button>
          )}
          {mayEdit && !isNewest && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setAsking(true)}
            >
              Go back to it
            </Button>
          )}
          {asking && (
            <GoBack
              workflow={workflow}
              number={number}
              onClose={() => setAsking(false)}
            />
          )}
        </>
      }
    />
  );
}

interface BackProps {
  workflow: WorkflowOut;
  number: number;
  onClose: () => void;
}

function GoBack({ workflow, number, onClose }: BackProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      saveWorkflowVersion({
        path: { workflow_id: workflow.id },
        body: { back_to: number },
      }),
    onSuccess: async (now) => {
      toastDone(`Version ${now.version} is like version ${number}`);
      queryClient.setQueryData(["workflows", workflow.id], now);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
  return (
    <ActionModal
      title={`Go back to version ${number}`}
      action="Go back"
      busy={isPending}
      onAct={() => mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        Version {(workflow.version ?? 0) + 1} will be like version {number}, and
        new runs follow it. Runs that go on keep theirs.
      </Text>
    </ActionModal>
  );
}
