import {
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { ExplainOut } from "../../api/generated";
import { Lines } from "../../ui/Loaded";
import { Minutes } from "../../ui/Minutes";
import { PolicyFindings } from "../../ui/PolicyFindings";
import { Problem } from "../../ui/Problem";
import type { Asked } from "./asked";

interface Props {
  asked: Asked;
  onAsk: (asked: Asked) => void;
  /** the last answer there was */
  answer: ExplainOut | undefined;
  error: Error | null;
  isFetching: boolean;
}

/** Who would be paged in the hour after an incident, minute by minute. */
export function Preview(props: Props) {
  const { asked, onAsk, answer, error, isFetching } = props;
  const story = answer?.stories[0];
  return (
    <Stack gap="sm" aria-busy={isFetching}>
      <Group gap="xs" align="end">
        <SegmentedControl
          size="xs"
          aria-label="Urgency of the incident"
          data={[
            { value: "high", label: "Urgent" },
            { value: "low", label: "Not urgent" },
          ]}
          value={asked.urgency}
          onChange={(value) =>
            onAsk({ ...asked, urgency: value === "low" ? "low" : "high" })
          }
        />
        <TextInput
          type="datetime-local"
          size="xs"
          aria-label="When it begins; empty: now"
          value={asked.when}
          onChange={({ currentTarget }) =>
            onAsk({ ...asked, when: currentTarget.value })
          }
        />
        {!asked.when && (
          <Text size="xs" c="dimmed" pb={6}>
            empty: now
          </Text>
        )}
      </Group>
      {error && <Problem text={error.message} />}
      {!answer && !error && <Lines />}
      {story && answer && (
        <Paper withBorder p="sm">
          <Minutes steps={story.steps} start={answer.at} until={answer.until} />
        </Paper>
      )}
      <PolicyFindings
        findings={(story?.findings ?? []).filter(({ step }) => step === null)}
      />
      <Text size="xs" c="dimmed">
        The hour after it begins, if nobody acknowledges; with the people, their
        rules and the schedules as they are.
      </Text>
    </Stack>
  );
}
