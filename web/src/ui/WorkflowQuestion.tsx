import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  answerWorkflowStep,
  type WorkflowRunDetail,
  type WorkflowStepOut,
} from "../api/generated";
import { useMe } from "../me";
import { Countdown } from "./Ago";
import { Problem } from "./Problem";
import { toastDone } from "./toast";
import classes from "./WorkflowQuestion.module.css";

/** The steps of a run that wait for somebody's yes or no. */
export function questionsOf(run: WorkflowRunDetail): WorkflowStepOut[] {
  const asking = new Set(
    run.content.nodes?.flatMap(({ id, type }) =>
      type === "wait_for_approval" ? [id] : [],
    ),
  );
  return run.steps.filter(
    ({ node, status }) => status === "waiting" && asking.has(node),
  );
}

function outputOf(step: WorkflowStepOut): {
  question: string;
  asked: string[];
} {
  const output: object =
    typeof step.output === "object" && step.output !== null ? step.output : {};
  const question: unknown = Reflect.get(output, "question");
  const asked: unknown = Reflect.get(output, "asked");
  return {
    question: typeof question === "string" ? question : "May it go on?",
    asked: Array.isArray(asked) ? asked.map(String) : [],
  };
}

interface Props {
  run: WorkflowRunDetail;
  step: WorkflowStepOut;
}

/** A workflow asks: yes or no, with large buttons for a thumb. */
export function WorkflowQuestion({ run, step }: Props) {
  const me = useMe();
  const queryClient = useQueryClient();
  const [comment, setComment] = useState("");
  const { question, asked } = outputOf(step);
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: (approved: boolean) =>
      answerWorkflowStep({
        path: { workflow_run_id: run.id, step_id: step.id },
        body: { approved, comment: comment.trim() },
      }),
    meta: { showsErrors: true },
    onSuccess: (_, approved) => toastDone(approved ? "Approved" : "Rejected"),
    onSettled: () =>
      Promise.all(
        ["workflow-runs", "incident"].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
  const isMine = asked.length === 0 || asked.includes(me.id);
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={`${run.workflow.name} asks`}
      className={classes.question}
    >
      <Stack gap="sm">
        <div>
          <Text size="sm" c="dimmed">
            {run.workflow.name} asks
            {step.due_at && (
              <>
                {" · "}
                <Countdown at={step.due_at} /> left to answer
              </>
            )}
          </Text>
          <Text fw={600}>{question}</Text>
        </div>
        {isMine || me.platform_admin ? (
          <>
            <Textarea
              aria-label="Why, if you want to say it"
              placeholder="Why, if you want to say it"
              autosize
              maxLength={1000}
              value={comment}
              onChange={(event) => setComment(event.currentTarget.value)}
            />
            <Problem text={error?.message} />
            <Group grow gap="sm" preventGrowOverflow={false}>
              <Button
                size="md"
                h={48}
                leftSection={<IconCheck size={20} />}
                loading={isPending && variables}
                disabled={isPending}
                onClick={() => mutate(true)}
              >
                Approve
              </Button>
              <Button
                size="md"
                h={48}
                variant="default"
                leftSection={<IconX size={20} />}
                loading={isPending && !variables}
                disabled={isPending}
                onClick={() => mutate(false)}
              >
                Reject
              </Button>
            </Group>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            Others were asked. The first answer counts.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
