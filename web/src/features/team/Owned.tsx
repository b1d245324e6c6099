import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TeamOut } from "../../api/generated";
import { policiesQuery, schedulesQuery } from "../../api/queries";
import { Fact, Facts } from "../../ui/Facts";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { ownedServicesQuery } from "./queries";

/** What a team looks after. */
export function Owned({ team }: { team: TeamOut }) {
  const services = useQuery(ownedServicesQuery(team.id)).data?.items;
  const schedules = useQuery(schedulesQuery).data?.filter(
    (each) => each.team.id === team.id,
  );
  const policies = useQuery(policiesQuery).data?.filter(
    (each) => each.team.id === team.id,
  );
  return (
    <Section title="What it owns">
      <Facts>
        <Fact name="Services">
          <Group gap="xs">
            <None of={services} />
            {services?.map(({ id, name }) => (
              <TextLink
                key={id}
                to="/services/$serviceId"
                params={{ serviceId: id }}
                inherit
              >
                {name}
              </TextLink>
            ))}
          </Group>
        </Fact>
        <Fact name="Schedules">
          <Group gap="xs">
            <None of={schedules} />
            {schedules?.map(({ id, name }) => (
              <TextLink
                key={id}
                to="/schedules/$scheduleId"
                params={{ scheduleId: id }}
                inherit
              >
                {name}
              </TextLink>
            ))}
          </Group>
        </Fact>
        <Fact name="Policies">
          <Group gap="xs">
            <None of={policies} />
            {policies?.map(({ id, name }) => (
              <TextLink
                key={id}
                to="/policies/$policyId"
                params={{ policyId: id }}
                inherit
              >
                {name}
              </TextLink>
            ))}
          </Group>
        </Fact>
      </Facts>
    </Section>
  );
}

function None({ of }: { of: readonly unknown[] | undefined }) {
  return of?.length === 0 ? (
    <Text span inherit c="dimmed">
      none yet
    </Text>
  ) : null;
}
