import {
  List,
  Select,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { WorkflowProblem, WorkflowVocabulary } from "../../api/generated";
import { StateLabel } from "../../ui/StateLabel";
import { errorsOf, ofTheWhole, stepsWith } from "./checks";
import { nameOf } from "./graph";
import { TemplateField } from "./TemplateField";
import type { Editing } from "./use-graph";
import { variablesFor } from "./variables";

interface Props {
  editing: Editing;
  vocabulary: WorkflowVocabulary;
  problems: readonly WorkflowProblem[];
  mayEdit: boolean;
}

/** What concerns the whole workflow: what is to be mended, and runs side by side. */
export function WholePanel({ editing, vocabulary, problems, mayEdit }: Props) {
  const { graph, change, select } = editing;
  const whole = ofTheWhole(problems);
  const key = errorsOf(problems.filter(({ node }) => !node)).concurrency_key;
  return (
    <Stack gap="sm" component="section" aria-label="The whole workflow">
      <Title order={3}>The whole workflow</Title>
      {problems.length === 0 ? (
        <StateLabel
          tone="teal"
          icon={IconCircleCheck}
          word={
            graph.nodes.length > 0 ? "It can be saved" : "Begin with a trigger"
          }
        />
      ) : (
        <div>
          <StateLabel
            tone="yellow"
            icon={IconAlertTriangle}
            word="To mend before it can be saved"
          />
          <List size="sm" mt={6} spacing={4}>
            {whole.map((detail) => (
              <List.Item key={detail}>{detail}</List.Item>
            ))}
            {stepsWith(problems, graph).map(({ step, details }) => (
              <List.Item key={step.id}>
                <UnstyledButton fz="sm" onClick={() => select(step.id)}>
                  <Text span inherit fw={600} td="underline">
                    {nameOf(step, vocabulary)}
                  </Text>
                  : {details.join("; ")}
                </UnstyledButton>
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {mayEdit && (
        <Text size="sm" c="dimmed">
          Choose a step to change it. By keyboard: A adds a step after the
          chosen one, Tab goes from step to step, arrows move it, Delete removes
          it; “Where it leads” draws its lines.
        </Text>
      )}
      <TemplateField
        label="One at a time for each"
        description="Runs for which this is the same do not go on side by side. Empty: they do."
        placeholder="{{incident.service.id}}"
        long={false}
        error={key}
        value={graph.concurrency_key}
        variables={variablesFor(graph, null, vocabulary)}
        onChange={(concurrency_key) =>
          change({ ...graph, concurrency_key }, "concurrency key")
        }
      />
      {graph.concurrency_key && (
        <Select
          label="A later run meanwhile"
          data={[
            { value: "queue", label: "waits for its turn" },
            { value: "skip", label: "is left out" },
          ]}
          allowDeselect={false}
          value={graph.when_busy}
          onChange={(next) =>
            change({ ...graph, when_busy: next === "skip" ? "skip" : "queue" })
          }
        />
      )}
    </Stack>
  );
}
