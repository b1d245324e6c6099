import { Button, Code, Group, Select, Stack, Text } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  tryWorkflow,
  type WorkflowContent,
  type WorkflowTriedStep,
  type WorkflowVocabulary,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { StateLabel } from "../../ui/StateLabel";
import { type Graph, nameOf, portsOf } from "./graph";
import { pastIncidentsQuery } from "./queries";
import { Shown } from "./Shown";
import classes from "./StepList.module.css";
import { portWords, STEPS } from "./words";

interface Props {
  graph: Graph;
  content: WorkflowContent;
  vocabulary: WorkflowVocabulary;
  teamId: string | null;
  sound: boolean;
  onTried: (steps: WorkflowTriedStep[] | null) => void;
}

/** A dry run on an incident of the past: every request is shown, and none is sent. */
export function TryIt(props: Props) {
  const { graph, content, vocabulary, teamId, sound, onTried } = props;
  const incidents = useQuery(pastIncidentsQuery).data?.items ?? [];
  const triggers = graph.nodes.filter(({ kind }) => kind === "trigger");
  const [incident, setIncident] = useState<string | null>(null);
  const [trigger, setTrigger] = useState<string | null>(null);
  const [ports, setPorts] = useState<Record<string, string>>({});
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: (by: Record<string, string>) =>
      tryWorkflow({
        body: {
          team_id: teamId,
          content,
          trigger: trigger ?? triggers[0]?.id ?? null,
          incident_id: incident ?? incidents[0]?.id ?? null,
          ports: by,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: ({ steps }) => onTried(steps),
  });
  const turn = (node: string, port: string) => {
    const next = { ...ports, [node]: port };
    setPorts(next);
    mutate(next);
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" maw={640}>
        Goes through the graph as it is drawn now, for an incident that there
        was. Nothing is sent and nobody is told; delays are over at once.
      </Text>
      <Group align="end" gap="xs">
        <Select
          label="For the incident"
          placeholder={
            incidents.length === 0 ? "There was none yet" : undefined
          }
          flex="1 1 260px"
          maw={420}
          data={incidents.map(({ id, number, title }) => ({
            value: id,
            label: `#${number} ${title}`,
          }))}
          searchable
          value={incident ?? incidents[0]?.id ?? null}
          onChange={setIncident}
        />
        {triggers.length > 1 && (
          <Select
            label="Started by"
            data={triggers.map((step) => ({
              value: step.id,
              label: nameOf(step, vocabulary),
            }))}
            allowDeselect={false}
            value={trigger ?? triggers[0]?.id ?? null}
            onChange={setTrigger}
          />
        )}
        <Button
          leftSection={<IconFlask size={16} />}
          loading={isPending}
          disabled={!sound}
          onClick={() => mutate(ports)}
        >
          Try it
        </Button>
      </Group>
      {!sound && (
        <Text size="sm" c="dimmed">
          Mend what is marked first.
        </Text>
      )}
      <Problem text={error?.message} />
      {data && (
        <ol className={classes.list} aria-label="What it would do">
          {data.steps.map((tried) => {
            const step = graph.nodes.find(({ id }) => id === tried.node);
            if (!step) return null;
            const all = portsOf(step, vocabulary);
            return (
              <li key={`${tried.node} ${tried.turn}`} className={classes.tried}>
                <Group justify="space-between" gap="xs">
                  <Group gap="xs">
                    <StateLabel {...STEPS[tried.status]} />
                    <Text size="sm" fw={600}>
                      {nameOf(step, vocabulary)}
                      {tried.turn > 0 && `, turn ${tried.turn + 1}`}
                    </Text>
                  </Group>
                  {tried.status !== "skipped" && all.length > 1 && (
                    <Select
                      size="xs"
                      w={170}
                      aria-label={`${nameOf(step, vocabulary)} goes on by`}
                      data={all.map((port) => ({
                        value: port,
                        label: portWords(port),
                      }))}
                      allowDeselect={false}
                      value={ports[tried.node] ?? tried.port}
                      onChange={(port) => port && turn(tried.node, port)}
                    />
                  )}
                </Group>
                {tried.error && <Problem text={tried.error} />}
                {step.kind === "action" && tried.shown !== null && (
                  <Shown what={nameOf(step, vocabulary)} value={tried.shown} />
                )}
                {step.kind === "condition" && (
                  <Text size="sm" c="dimmed">
                    <Code>{String(step.config.condition ?? "")}</Code>
                  </Text>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Stack>
  );
}
