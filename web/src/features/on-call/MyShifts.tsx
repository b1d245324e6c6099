import { Text } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { relative } from "../../ui/time";
import { dayOf } from "./day-of";
import { myShiftsQuery } from "./queries";

const SHOWN = 6;

/** The shifts of whoever looks: the current ones, and the next ones. */
export function MyShifts() {
  const now = useNow(60);
  const shifts = useQuery(myShiftsQuery).data ?? [];
  const coming = shifts.filter(({ end }) => Date.parse(end) > now);
  if (coming.length === 0) return null;
  return (
    <Section title="Your shifts">
      <Rows label="Your shifts">
        {coming.slice(0, SHOWN).map(({ schedule, start, end }) => (
          <Row
            key={`${schedule.id} ${start}`}
            main={
              <TextLink
                to="/schedules/$scheduleId"
                params={{ scheduleId: schedule.id }}
                search={{ at: dayOf(start) }}
                fw={600}
              >
                {schedule.name}
              </TextLink>
            }
            side={
              Date.parse(start) <= now ? (
                <>
                  <StateLabel tone="blue" icon={IconHeadset} word="Now" />
                  <Text size="sm">
                    until <At at={end} />
                  </Text>
                </>
              ) : (
                <Text size="sm">
                  {relative(start, now)}: <At at={start} /> to <At at={end} />
                </Text>
              )
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
