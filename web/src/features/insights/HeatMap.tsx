import { Box, VisuallyHidden } from "@mantine/core";
import classes from "./Insights.module.css";
import { type Entry, numberIn } from "./table";
import { WEEKDAYS, ZONE } from "./words";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const NAMED_EVERY = 6;

/** The hours of a week, the darker the more incidents; to a screen reader a table of numbers. */
export function HeatMap({ entries }: { entries: readonly Entry[] }) {
  const counts = new Map(
    entries.map((entry) => [
      `${entry.weekday} ${entry.hour}`,
      numberIn(entry, "incidents") ?? 0,
    ]),
  );
  const most = Math.max(1, ...counts.values());
  return (
    <table className={classes.heat}>
      <caption>
        <VisuallyHidden>
          Incidents by weekday and hour, by the clocks of {ZONE}
        </VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <td className={classes.day} style={{ background: "none" }} />
          {HOURS.map((hour) => (
            <th key={hour} scope="col">
              {hour % NAMED_EVERY === 0 ? (
                hour
              ) : (
                <VisuallyHidden>{hour}</VisuallyHidden>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {WEEKDAYS.map((weekday, at) => (
          <tr key={weekday}>
            <th scope="row">{weekday}</th>
            {HOURS.map((hour) => (
              <Hour
                key={hour}
                name={`${weekday} ${hour}:00`}
                count={counts.get(`${at + 1} ${hour}`) ?? 0}
                most={most}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Hour(props: { name: string; count: number; most: number }) {
  const { name, count, most } = props;
  return (
    <Box
      component="td"
      __vars={{ "--heat": String(count / most) }}
      title={`${name}: ${count}`}
      mod={{ some: count > 0 }}
    >
      <span className={classes.figure}>{count}</span>
    </Box>
  );
}
