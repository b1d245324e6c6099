import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schedule } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { useNow } from "../../ui/now";
import { Section } from "../../ui/Section";
import { relative } from "../../ui/time";
import { handoffsOf, laneOfFinal } from "./handoffs";
import { timelineQuery } from "./queries";

const HOUR_S = 3600;
const AHEAD_MS = 28 * 24 * HOUR_S * 1000;
const SHOWN = 6;

/** Who takes over from whom next. */
export function Handoffs({ schedule }: { schedule: Schedule }) {
  // to the hour, so that the question stays the same for a while
  const hour = useNow(HOUR_S);
  const now = useNow(60);
  const query = useQuery(timelineQuery(schedule.id, hour, hour + AHEAD_MS));
  return (
    <Section title="Next hand-offs">
      <Loaded what="The hand-offs" query={query}>
        {(timeline) => {
          const next = handoffsOf(laneOfFinal(timeline), now).slice(0, SHOWN);
          if (next.length === 0)
            return (
              <Text size="sm" c="dimmed">
                None in the next four weeks.
              </Text>
            );
          return (
            <Stack gap={6} component="ol" m={0} p={0}>
              {next.map(({ at, from, to }) => (
                <Text
                  key={at}
                  size="sm"
                  component="li"
                  style={{ listStyle: "none" }}
                >
                  <Text span inherit fw={600}>
                    <At at={new Date(at).toISOString()} />
                  </Text>{" "}
                  <Text span inherit c="dimmed">
                    {relative(new Date(at).toISOString(), now)}
                  </Text>
                  <br />
                  {from} → {to}
                </Text>
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}
