import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { At } from "../../ui/Ago";
import { useNow } from "../../ui/now";
import { Section } from "../../ui/Section";
import { relative } from "../../ui/time";
import { myShiftsQuery } from "./queries";

const SHOWN = 4;

/** The shifts of whoever looks: the current ones, and the next ones. */
export function MyShifts() {
  const now = useNow(60);
  const shifts = useQuery(myShiftsQuery).data ?? [];
  const coming = shifts.filter(({ end }) => Date.parse(end) > now);
  if (coming.length === 0) return null;
  return (
    <Section title="Your shifts">
      {coming.slice(0, SHOWN).map(({ schedule, start, end }) => (
        <Text key={`${schedule.id} ${start}`} size="sm">
          {schedule.name}:{" "}
          {Date.parse(start) <= now ? (
            <>
              until <At at={end} />
            </>
          ) : (
            <>
              {relative(start, now)}, from <At at={start} /> to <At at={end} />
            </>
          )}
        </Text>
      ))}
    </Section>
  );
}
