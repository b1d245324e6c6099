import { List, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { diffLines } from "diff";
import type { WorkflowVocabulary } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import classes from "./Comparison.module.css";
import { type Graph, graphOf, nameOf, type Step } from "./graph";
import { comparisonQuery, versionQuery } from "./queries";
import { portWords } from "./words";

interface Props {
  workflowId: string;
  before: number;
  after: number;
  vocabulary: WorkflowVocabulary;
}

/** How two versions differ, in the names of steps. */
export function Comparison({ workflowId, before, after, vocabulary }: Props) {
  const found = useQuery(comparisonQuery(workflowId, before, after));
  const old = useQuery(versionQuery(workflowId, before)).data;
  const now = useQuery(versionQuery(workflowId, after)).data;
  const graphs = [old, now].flatMap((each) =>
    each ? [graphOf(each.content)] : [],
  );
  const step = (id: string) => stepIn(graphs.toReversed(), id);
  const name = (id: string) => {
    const known = step(id);
    return known ? nameOf(known, vocabulary) : id;
  };
  return (
    <Section title={`From version ${before} to version ${after}`}>
      <Loaded what="The difference" query={found}>
        {({ added, removed, changed, edges_added, edges_removed }) => {
          const words = [
            ...added.map((id) => `Added: ${name(id)}`),
            ...removed.map((id) => `Removed: ${name(id)}`),
            ...edges_added.map(
              ({ source, target, port }) =>
                `Line added: ${name(source)}, ${portWords(port)} → ${name(target)}`,
            ),
            ...edges_removed.map(
              ({ source, target, port }) =>
                `Line removed: ${name(source)}, ${portWords(port)} → ${name(target)}`,
            ),
          ];
          if (words.length === 0 && changed.length === 0)
            return (
              <Text size="sm" c="dimmed">
                Nothing that a run would notice.
              </Text>
            );
          return (
            <Stack gap="sm">
              {words.length > 0 && (
                <List size="sm">
                  {words.map((each) => (
                    <List.Item key={each}>{each}</List.Item>
                  ))}
                </List>
              )}
              {changed.map((id) => (
                <StepDifference
                  key={id}
                  name={name(id)}
                  before={textOf(stepIn(graphs.slice(0, 1), id))}
                  after={textOf(stepIn(graphs.slice(1), id))}
                />
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

function stepIn(graphs: readonly Graph[], id: string): Step | undefined {
  return graphs.flatMap(({ nodes }) => nodes).find((step) => step.id === id);
}

/** What a run follows of a step; where it is drawn does not count. */
function textOf(step: Step | undefined): string {
  if (!step) return "";
  const { position: _, id: __, kind: ___, config, ...rest } = step;
  const values = Object.entries({ ...rest, ...config });
  return values
    .map(
      ([name, value]) =>
        `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`,
    )
    .join("");
}

interface DifferenceProps {
  name: string;
  before: string;
  after: string;
}

function StepDifference({ name, before, after }: DifferenceProps) {
  return (
    <div>
      <Text size="sm" fw={600}>
        Changed: {name}
      </Text>
      <Paper withBorder className={classes.difference}>
        {diffLines(before, after).map(({ value, added, removed }, at) => (
          <pre
            key={`${at} ${value}`}
            className={classes.lines}
            data-added={added || undefined}
            data-removed={removed || undefined}
          >
            {value
              .trimEnd()
              .split("\n")
              .map((line) => `${added ? "+" : removed ? "−" : " "} ${line}`)
              .join("\n")}
          </pre>
        ))}
      </Paper>
    </div>
  );
}
