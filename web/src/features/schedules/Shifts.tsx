import { Button, Group, Table } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schedule } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Section } from "../../ui/Section";
import { shiftsQuery } from "./queries";
import { ShiftPicture } from "./ShiftPicture";
import { midnight } from "./weeks";

const STEP_DAYS = 14;

/** Who is on call when: a picture of two weeks, and the same as a list. */
export function Shifts({ schedule }: { schedule: Schedule }) {
  const [ahead, setAhead] = useState(0);
  const now = useNow(60);
  const from = midnight(now, ahead * STEP_DAYS);
  const until = midnight(now, (ahead + 1) * STEP_DAYS);
  const query = useQuery(shiftsQuery(schedule.id, from, until));
  const people = schedule.layers.flatMap(({ users }) => users);
  return (
    <Section
      title="Who is on call when"
      action={
        <Group gap={4}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label="Two weeks earlier"
            onClick={() => setAhead(ahead - 1)}
          >
            <IconChevronLeft size={16} />
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={ahead === 0}
            onClick={() => setAhead(0)}
          >
            Today
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label="Two weeks later"
            onClick={() => setAhead(ahead + 1)}
          >
            <IconChevronRight size={16} />
          </Button>
        </Group>
      }
    >
      <Loaded what="The shifts" query={query}>
        {(shifts) => (
          <>
            <ShiftPicture
              turns={shifts.map(({ user, start, end }) => ({
                user,
                start: Date.parse(start),
                end: Date.parse(end),
              }))}
              people={people}
              from={from}
              zone={schedule.time_zone}
            />
            <Table aria-label="Shifts" withRowBorders={false} maw={520}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>From</Table.Th>
                  <Table.Th>Until</Table.Th>
                  <Table.Th>On call</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shifts.map(({ user, start, end }) => (
                  <Table.Tr key={start}>
                    <Table.Td>
                      {Date.parse(start) > from ? <At at={start} /> : "earlier"}
                    </Table.Td>
                    <Table.Td>
                      {Date.parse(end) < until ? <At at={end} /> : "later"}
                    </Table.Td>
                    <Table.Td>
                      <TextLink
                        to="/team/users/$userId"
                        params={{ userId: user.id }}
                        inherit
                      >
                        {user.name}
                      </TextLink>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </>
        )}
      </Loaded>
    </Section>
  );
}
