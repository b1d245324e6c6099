import { Text } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import type { UserOut } from "../../api/generated";
import { schedulesQuery } from "../../api/queries";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { shiftsQuery } from "./queries";

const HOUR_S = 3600;
const DAYS_AHEAD = 28;
const MOST_SHOWN = 8;

/** When a person is on call in the next four weeks. */
export function OwnShifts({ user }: { user: UserOut }) {
  // to the hour, so that the question stays the same for a while
  const now = useNow(HOUR_S);
  const start = new Date(now).toISOString();
  const end = new Date(now + DAYS_AHEAD * 24 * HOUR_S * 1000).toISOString();
  const schedules = (useQuery(schedulesQuery).data ?? []).filter(({ layers }) =>
    layers.some(({ users }) => users.some(({ id }) => id === user.id)),
  );
  const shifts = useQueries({
    queries: schedules.map(({ id }) => shiftsQuery(id, start, end)),
    combine: (results) =>
      results
        .flatMap(({ data }, at) =>
          (data ?? []).map((shift) => ({ ...shift, schedule: schedules[at] })),
        )
        .filter((shift) => shift.user.id === user.id)
        .sort((a, b) => a.start.localeCompare(b.start))
        .slice(0, MOST_SHOWN),
  });
  return (
    <Section title="On call">
      {shifts.length === 0 ? (
        <Text size="sm" c="dimmed">
          Not in the next four weeks.
        </Text>
      ) : (
        <Rows label="On-call shifts">
          {shifts.map((shift) => (
            <Row
              key={`${shift.schedule?.id} ${shift.start}`}
              main={
                <TextLink
                  to="/schedules/$scheduleId"
                  params={{ scheduleId: shift.schedule?.id ?? "" }}
                >
                  {shift.schedule?.name}
                </TextLink>
              }
              side={
                Date.parse(shift.start) <= now ? (
                  <>
                    <StateLabel tone="blue" icon={IconHeadset} word="Now" />
                    <Text size="sm" c="dimmed">
                      until <At at={shift.end} />
                    </Text>
                  </>
                ) : (
                  <Text size="sm" c="dimmed">
                    <At at={shift.start} /> to <At at={shift.end} />
                  </Text>
                )
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
