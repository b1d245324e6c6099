import { Paper, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { InsightColumn } from "../../api/generated";
import { ErrorNotice } from "../../ui/ErrorNotice";
import { type Asked, reportQuery } from "./queries";
import { type Entry, entriesOf, numberIn, sumOf } from "./table";
import { type Change, changeOf, inWords } from "./words";

interface Figures {
  summary: Entry | undefined;
  inTime: Entry[];
  people: Entry[];
}

interface Tile {
  title: string;
  meaning: string;
  unit: InsightColumn["unit"];
  of: (figures: Figures) => number | null;
  /** what it says when there is nothing to count */
  none?: string;
  moreIsBetter?: boolean;
}

const ofSummary = (key: string) => (figures: Figures) =>
  numberIn(figures.summary, key);

const TILES: readonly Tile[] = [
  {
    title: "Incidents",
    meaning: "Opened in these days; merged ones count as one.",
    unit: "count",
    of: ofSummary("incidents"),
  },
  {
    title: "MTTA",
    meaning: "Mean time to the first acknowledgement.",
    unit: "seconds",
    of: ofSummary("ack_mean_s"),
    none: "None acknowledged",
  },
  {
    title: "MTTR",
    meaning: "Mean time to the last resolution.",
    unit: "seconds",
    of: ofSummary("fix_mean_s"),
    none: "None resolved",
  },
  {
    title: "Answered in time",
    meaning: "Acknowledged, or over, within the time chosen above.",
    unit: "share",
    of: ({ inTime }) => {
      const all = sumOf(inTime, "incidents");
      return all === 0 ? null : sumOf(inTime, "in_time") / all;
    },
    none: "None to answer",
    moreIsBetter: true,
  },
  {
    title: "Escalated",
    meaning: "A second step had to be paged.",
    unit: "share",
    of: ofSummary("escalated"),
    none: "None paged",
  },
  {
    title: "Interruptions in sleep",
    meaning: "Between 22 and 7 by each person's own clock.",
    unit: "count",
    of: ({ people }) => sumOf(people, "sleep"),
  },
];

function useFigures(asked: Asked) {
  const summary = useQuery(reportQuery("summary", asked));
  const inTime = useQuery(reportQuery("in-time", asked));
  const people = useQuery(reportQuery("people", asked));
  const figures: Figures | null =
    summary.data && inTime.data && people.data
      ? {
          summary: entriesOf(summary.data)[0],
          inTime: entriesOf(inTime.data),
          people: entriesOf(people.data),
        }
      : null;
  const error = summary.error ?? inTime.error ?? people.error;
  const refetch = () =>
    Promise.all([summary.refetch(), inTime.refetch(), people.refetch()]);
  return { figures, error, refetch };
}

interface Props {
  asked: Asked;
  before: Asked;
  beforeName: string;
}

/** In short: six numbers, and how they differ from the time before. */
export function Tiles({ asked, before, beforeName }: Props) {
  const { figures, error, refetch } = useFigures(asked);
  const earlier = useFigures(before).figures;
  if (error && !figures)
    return (
      <ErrorNotice
        what="The numbers"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  return (
    <Stack gap={6} component="section" aria-label="In short">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="xs">
        {TILES.map((tile) =>
          figures ? (
            <OneTile
              key={tile.title}
              tile={tile}
              now={tile.of(figures)}
              before={earlier && tile.of(earlier)}
            />
          ) : (
            <Skeleton key={tile.title} h={118} />
          ),
        )}
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        More and less are compared with {beforeName}.
      </Text>
    </Stack>
  );
}

interface OneProps {
  tile: Tile;
  now: number | null;
  before: number | null;
}

function OneTile({ tile, now, before }: OneProps) {
  const { title, meaning, unit, none } = tile;
  const said = (value: number) => together(inWords(value, { key: "", unit }));
  const change = changeOf(now, before, unit);
  return (
    <Paper withBorder p="sm" component="article" aria-label={title}>
      <Text size="sm" c="dimmed" title={meaning}>
        {title}
      </Text>
      <Text fz={now === null ? "sm" : 22} fw={600} lh={now === null ? 2 : 1.3}>
        {now === null ? (none ?? "–") : said(now)}
      </Text>
      <Text size="xs" c="dimmed" component="p" m={0}>
        {change ? (
          <>
            <Way change={change} moreIsBetter={tile.moreIsBetter} />
            {together(change.words)}
            {change.way && before !== null && <> than {said(before)}</>}
          </>
        ) : (
          "Nothing to compare with"
        )}
      </Text>
    </Paper>
  );
}

/** On one line: "16" and its "s" belong together. */
function together(words: string): string {
  return words.replaceAll(" ", "\u00a0");
}

function Way(props: { change: Change; moreIsBetter: boolean | undefined }) {
  const { way } = props.change;
  if (way === null) return null;
  const Arrow = way === "up" ? IconArrowUpRight : IconArrowDownRight;
  const better = (way === "up") === Boolean(props.moreIsBetter);
  const colour = better ? "teal" : "orange";
  return (
    <Arrow
      size={14}
      aria-label={better ? "Better:" : "Worse:"}
      style={{ verticalAlign: "-2px", marginInlineEnd: 2 }}
      color={`light-dark(var(--mantine-color-${colour}-8), var(--mantine-color-${colour}-4))`}
    />
  );
}
