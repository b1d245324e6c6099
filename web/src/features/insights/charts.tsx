import "@mantine/charts/styles.css";
import { BarChart, type ChartSeries } from "@mantine/charts";
import { Stack, Text, useMatches } from "@mantine/core";
import type { ReactNode } from "react";
import { useChannelTitle } from "../../ui/use-channel-title";
import { HeatMap } from "./HeatMap";
import type { Asked } from "./queries";
import { Trend } from "./Trend";
import { type Entry, numberIn } from "./table";
import { percent } from "./words";

const MOST_BARS = 10;
const BAR_PX = 34;
const AXES_PX = 60;

interface Props {
  entries: readonly Entry[];
  asked: Asked;
}

interface BarsProps {
  entries: readonly Entry[];
  /** the key of what each bar is of */
  of: string;
  series: ChartSeries[];
  beside?: boolean;
  said?: (value: number) => string;
}

/** One bar for each of the first rows, from left to right. */
function Bars({ entries, of, series, beside = false, said }: BarsProps) {
  const letters = useMatches({ base: 13, sm: 26 });
  const width = useMatches({ base: 96, sm: 180 });
  const shown = entries.slice(0, MOST_BARS);
  const left = entries.length - shown.length;
  const clip = (name: unknown) => {
    const text = String(name);
    return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
  };
  const rows = beside ? series.length * 0.7 : 1;
  return (
    <Stack gap={4}>
      <BarChart
        h={AXES_PX + shown.length * BAR_PX * Math.max(1, rows)}
        data={[...shown]}
        dataKey={of}
        type={beside ? "default" : "stacked"}
        orientation="vertical"
        gridAxis="x"
        tickLine="none"
        maxBarWidth={20}
        series={series}
        withLegend={series.length > 1}
        // in the order of the bars, not of the alphabet
        legendProps={{ verticalAlign: "bottom", itemSorter: null }}
        valueFormatter={said ?? whole}
        yAxisProps={{ width, tickFormatter: clip, interval: 0 }}
        xAxisProps={{ allowDecimals: said !== undefined, tickFormatter: said }}
        barProps={{ isAnimationActive: false }}
      />
      {left > 0 && (
        <Text size="xs" c="dimmed">
          And {left} more in the table.
        </Text>
      )}
    </Stack>
  );
}

function whole(value: number): string {
  return value.toLocaleString();
}

function hoursSaid(value: number): string {
  return `${Math.round(value * 10) / 10} h`;
}

function withRest(
  entries: readonly Entry[],
  all: string,
  part: string,
): Entry[] {
  return entries.map((entry) => ({
    ...entry,
    rest: (numberIn(entry, all) ?? 0) - (numberIn(entry, part) ?? 0),
  }));
}

function byUrgency(of: string) {
  return ({ entries }: Props) => (
    <Bars
      entries={withRest(entries, "incidents", "high_urgency")}
      of={of}
      series={[
        { name: "high_urgency", label: "High urgency", color: "indigo.6" },
        { name: "rest", label: "Low urgency", color: "indigo.3" },
      ]}
    />
  );
}

function Noise({ entries }: Props) {
  return (
    <Bars
      entries={entries}
      of="title"
      series={[{ name: "events", label: "Events", color: "indigo.6" }]}
    />
  );
}

function Folding({ entries }: Props) {
  return (
    <Bars
      entries={entries}
      of="service"
      beside
      series={[
        { name: "events", label: "Events", color: "gray.5" },
        { name: "alerts", label: "Alerts", color: "indigo.3" },
        { name: "incidents", label: "Incidents", color: "indigo.6" },
      ]}
    />
  );
}

function Escalations({ entries }: Props) {
  const named = entries.map((entry) => ({
    ...entry,
    name: entry.step === 0 ? "Nobody" : `Step ${entry.step}`,
  }));
  return (
    <Bars
      entries={named}
      of="name"
      said={percent}
      series={[{ name: "share", label: "Of incidents", color: "indigo.6" }]}
    />
  );
}

const PARTS: ChartSeries[] = [
  { name: "working", label: "Working hours", color: "indigo.3" },
  { name: "off", label: "Off hours", color: "indigo.6" },
  { name: "sleep", label: "Sleep", color: "orange.6" },
];

function People({ entries }: Props) {
  return <Bars entries={entries} of="person" series={PARTS} />;
}

function OnCall({ entries }: Props) {
  return <Bars entries={entries} of="person" series={PARTS} said={hoursSaid} />;
}

function Channels({ entries }: Props) {
  const titleOf = useChannelTitle();
  const named = withRest(entries, "accepted", "delivered").map((entry) => ({
    ...entry,
    name: titleOf(String(entry.channel)),
  }));
  return (
    <Bars
      entries={named}
      of="name"
      series={[
        { name: "delivered", label: "Delivered", color: "teal.6" },
        { name: "rest", label: "Accepted", color: "teal.3" },
        { name: "failed", label: "Failed", color: "orange.6" },
        { name: "unknown", label: "Not known", color: "gray.5" },
      ]}
    />
  );
}

function InTime({ entries }: Props) {
  const named = withRest(entries, "incidents", "in_time").map((entry) => ({
    ...entry,
    name: `${entry.team}, ${entry.urgency}`,
  }));
  return (
    <Bars
      entries={named}
      of="name"
      series={[
        { name: "in_time", label: "In time", color: "teal.6" },
        { name: "rest", label: "Too late", color: "orange.6" },
      ]}
    />
  );
}

const CHARTS: Record<string, (props: Props) => ReactNode> = {
  trend: Trend,
  services: byUrgency("service"),
  teams: byUrgency("team"),
  hours: HeatMap,
  noise: Noise,
  folding: Folding,
  escalations: Escalations,
  people: People,
  "on-call": OnCall,
  channels: Channels,
  "in-time": InTime,
};

/** A report, drawn. */
export function Chart({ insight, ...props }: Props & { insight: string }) {
  const Drawn = CHARTS[insight];
  return Drawn ? <Drawn {...props} /> : null;
}
