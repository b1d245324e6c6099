import { Group, Paper, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WorkflowOut, WorkflowStatistics } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Rows } from "../../ui/Rows";
import { WORKFLOW_RUNS } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import { duration } from "../../ui/time";
import { Canvas } from "./Canvas";
import classes from "./Canvas.module.css";
import { graphOf } from "./graph";
import { placed } from "./layout";
import {
  runsQuery,
  statisticsQuery,
  versionQuery,
  vocabularyQuery,
} from "./queries";
import { RunRow } from "./RunRow";

/** How its runs went, and where in the graph they failed. */
export function Runs({ workflow }: { workflow: WorkflowOut }) {
  const query = useInfiniteQuery(runsQuery(workflow.id));
  const statistics = useQuery(statisticsQuery(workflow.id)).data;
  return (
    <Stack>
      {statistics && <Numbers statistics={statistics} />}
      {statistics && statistics.failing.length > 0 && (
        <WhereItFails workflow={workflow} statistics={statistics} />
      )}
      <Loaded what="The runs" query={query}>
        {({ pages }) => {
          const runs = pages.flatMap(({ items }) => items);
          if (runs.length === 0)
            return (
              <Empty
                icon={<IconHistory size={40} />}
                title="It has not run yet"
              >
                {workflow.enabled
                  ? "As soon as its trigger comes, the run stands here, step by step."
                  : "It is switched off. Try it in a dry run, then switch it on."}
              </Empty>
            );
          return (
            <>
              <Rows label="Runs">
                {runs.map((run) => (
                  <RunRow key={run.id} run={run} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Numbers({ statistics }: { statistics: WorkflowStatistics }) {
  const { by_status, median_s } = statistics;
  const all = Object.values(by_status).reduce((sum, each) => sum + each, 0);
  if (all === 0) return null;
  const told: [string, string][] = [
    ["Runs in 30 days", String(all)],
    ...Object.entries(WORKFLOW_RUNS).flatMap(
      ([status, { word }]): [string, string][] => {
        const count = by_status[status];
        return count ? [[word, String(count)]] : [];
      },
    ),
  ];
  if (median_s !== null)
    told.push([
      "Usually takes",
      median_s < 1 ? "less than a second" : duration(median_s),
    ]);
  return (
    <Group gap="xs">
      {told.map(([name, value]) => (
        <Paper key={name} withBorder px="md" py="xs">
          <Text size="xs" c="dimmed">
            {name}
          </Text>
          <Text fw={600}>{value}</Text>
        </Paper>
      ))}
    </Group>
  );
}

function WhereItFails({
  workflow,
  statistics,
}: {
  workflow: WorkflowOut;
  statistics: WorkflowStatistics;
}) {
  const version = useQuery(
    versionQuery(workflow.id, workflow.version ?? 0),
  ).data;
  const vocabulary = useQuery(vocabularyQuery).data;
  const [selected, setSelected] = useState<string | null>(null);
  if (!version || !vocabulary) return null;
  return (
    <Section title="Where it failed">
      <div className={classes.low}>
        <Canvas
          graph={placed(graphOf(version.content))}
          vocabulary={vocabulary}
          selected={selected}
          onSelect={setSelected}
          failures={
            new Map(statistics.failing.map(({ node, count }) => [node, count]))
          }
        />
      </div>
    </Section>
  );
}
