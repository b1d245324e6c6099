import { BarChart, LineChart } from "@mantine/charts";
import { Stack, Text } from "@mantine/core";
import { Fragment } from "react";
import { duration } from "../../ui/time";
import { dayOf } from "./period";
import type { Asked } from "./queries";
import { type Entry, withoutGaps } from "./table";
import { shortDay, spoken } from "./words";

const TREND_PX = 150;
const AXIS_PX = 80;
const TIMES = [
  {
    name: "ack_mean_s",
    title: "Mean time to acknowledge",
    label: "MTTA",
    color: "indigo.6",
  },
  {
    name: "fix_mean_s",
    title: "Mean time to resolve",
    label: "MTTR",
    color: "teal.6",
  },
];

interface Props {
  entries: readonly Entry[];
  asked: Asked;
}

/** Day by day, or week by week: how many, how soon answered, how soon over. */
export function Trend({ entries, asked }: Props) {
  const length = Date.parse(asked.to) - Date.parse(asked.from);
  const last = dayOf(new Date(Date.parse(asked.to) - 1).toISOString());
  const shared = {
    h: TREND_PX,
    data: withoutGaps(entries, dayOf(asked.from), last, length),
    dataKey: "day",
    tickLine: "none",
    xAxisProps: {
      tickFormatter: (day: unknown) => shortDay(String(day)),
      minTickGap: 24,
    },
  } as const;
  return (
    <Stack gap={4}>
      <Text size="sm">Incidents</Text>
      <BarChart
        {...shared}
        series={[{ name: "incidents", label: "Incidents", color: "indigo.6" }]}
        yAxisProps={{ allowDecimals: false, width: AXIS_PX }}
        barProps={{ isAnimationActive: false }}
      />
      {TIMES.map((time) => (
        <Fragment key={time.name}>
          <Text size="sm">{time.title}</Text>
          <LineChart
            {...shared}
            series={[time]}
            curveType="monotone"
            connectNulls
            valueFormatter={spoken}
            yAxisProps={{ width: AXIS_PX, tickFormatter: duration }}
            lineProps={{ isAnimationActive: false }}
          />
        </Fragment>
      ))}
    </Stack>
  );
}
