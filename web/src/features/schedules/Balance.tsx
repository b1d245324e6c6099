import { Box, Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schedule } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import classes from "./Balance.module.css";
import { balanceQuery } from "./queries";

/** How the load is spread over the people. */
export function Balance({ schedule }: { schedule: Schedule }) {
  const query = useQuery(balanceQuery(schedule.id));
  return (
    <Section title="Balance">
      <Text size="sm" c="dimmed" mt={-8}>
        Hours on call in the next 12 weeks; nights and weekends count on the
        clock of each person.
      </Text>
      <Loaded what="The balance" query={query}>
        {({ people }) => {
          const most = Math.max(1, ...people.map(({ hours }) => hours));
          return (
            <Table
              aria-label="Balance"
              verticalSpacing={4}
              className={classes.table}
            >
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Person</Table.Th>
                  <Table.Th ta="right">Hours</Table.Th>
                  <Table.Th ta="right">Nights</Table.Th>
                  <Table.Th ta="right">Weekends</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {people.map(({ user, hours, night_hours, weekend_hours }) => (
                  <Table.Tr key={user.id}>
                    <Table.Td>
                      <TextLink
                        to="/team/users/$userId"
                        params={{ userId: user.id }}
                        inherit
                      >
                        {user.name}
                      </TextLink>
                      <Box
                        className={classes.bar}
                        aria-hidden
                        __vars={{ "--part": String(hours / most) }}
                      />
                    </Table.Td>
                    <Count of={hours} />
                    <Count of={night_hours} />
                    <Count of={weekend_hours} />
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Count({ of }: { of: number }) {
  return (
    <Table.Td ta="right">
      <Group justify="end">{Math.round(of).toLocaleString()}</Group>
    </Table.Td>
  );
}
