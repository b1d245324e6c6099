import { Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ComponentUptime, StatusPage } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { exactly } from "../../ui/spans";
import { uptimeQuery } from "./queries";
import { STATES } from "./states";
import classes from "./Uptime.module.css";

type Day = ComponentUptime["days"][number];

/** The last 90 days of each component, as recorded. */
export function Uptime({ page }: { page: StatusPage }) {
  const query = useQuery(uptimeQuery(page.id));
  return (
    <Loaded what="The history" query={query}>
      {(components) =>
        components.length === 0 ? (
          <Empty icon={<IconChartBar size={40} />} title="Nothing to count yet">
            The uptime of a component is recorded from the moment it is added.
          </Empty>
        ) : (
          <Stack gap="lg">
            <Text size="sm" c="dimmed">
              The last {components[0]?.days.length} days by the clocks of{" "}
              {page.time_zone}. The percentage is the share of the recorded time
              without a partial or a major outage, rounded down.
              {!page.uptime_shown && " The page does not show it."}
            </Text>
            {components.map((one) => (
              <Bars key={one.component_id} component={one} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

function Bars({
  component: { name, uptime, days },
}: {
  component: ComponentUptime;
}) {
  const percent =
    uptime === null ? "nothing recorded" : `${(uptime / 100).toFixed(2)} %`;
  const wrong = days.filter(({ worst }) => worst && worst !== "operational");
  return (
    <section aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name}</Text>
        <Text size="sm">{percent}</Text>
      </Group>
      <div
        className={classes.bars}
        role="img"
        aria-label={`${name}: ${percent}; ${
          wrong.length === 0
            ? "no trouble"
            : wrong.map((day) => words(day)).join("; ")
        }`}
      >
        {days.map((day) => (
          <Tooltip key={day.on} label={words(day)} events={EVENTS}>
            <span
              className={classes.bar}
              data-tone={day.worst ? STATES[day.worst].tone : "none"}
            />
          </Tooltip>
        ))}
      </div>
    </section>
  );
}

const EVENTS = { hover: true, focus: false, touch: true };

/** "2026-11-20: Partial outage, down for 25 min" */
function words({ on, worst, down_s }: Day): string {
  if (worst === null) return `${on}: nothing recorded`;
  const down =
    down_s >= 60 ? `, down for ${exactly(down_s - (down_s % 60))}` : "";
  return `${on}: ${STATES[worst].word}${down}`;
}
