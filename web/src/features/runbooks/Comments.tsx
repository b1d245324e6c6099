import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  commentRunbookVersion,
  type RunbookDetail,
  type VersionOut,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { useKept } from "../../ui/use-kept";

interface Props {
  runbook: RunbookDetail;
  version: VersionOut;
}

/** What people say about a version. */
export function Comments({ runbook, version }: Props) {
  return (
    <Section title="Comments">
      {version.comments.map((comment) => (
        <Paper key={comment.id} withBorder px="sm" py={6}>
          <Text size="sm" c="dimmed">
            <Text span inherit fw={600} c="var(--mantine-color-text)">
              {comment.author.name}
            </Text>{" "}
            <Ago at={comment.at} />
          </Text>
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {comment.text}
          </Text>
        </Paper>
      ))}
      {runbook.can_write || version.may_approve ? (
        <Write runbookId={runbook.id} number={version.number} />
      ) : (
        version.comments.length === 0 && (
          <Text size="sm" c="dimmed">
            None.
          </Text>
        )
      )}
    </Section>
  );
}

function Write({ runbookId, number }: { runbookId: string; number: number }) {
  const queryClient = useQueryClient();
  const [text, setText] = useKept(`runbook ${runbookId} comment ${number}`);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      commentRunbookVersion({
        path: { runbook_id: runbookId, number },
        body: { text: text.trim() },
      }),
    meta: { showsErrors: true },
    onSuccess: () => {
      setText("");
      return queryClient.invalidateQueries({ queryKey: ["runbooks"] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="xs">
        <Textarea
          aria-label="Comment"
          placeholder="Ask, or say what is missing"
          autosize
          minRows={2}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Problem text={error?.message} />
        <Group>
          <Button
            type="submit"
            variant="default"
            loading={isPending}
            disabled={text.trim() === ""}
          >
            Comment
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
