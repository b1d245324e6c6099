import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import {
  getTeamReadiness,
  type Readiness as One,
  type WayToReach,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";

function readinessQuery(teamId: string) {
  return queryOptions({
    queryKey: ["readiness", teamId],
    queryFn: ({ signal }) =>
      getTeamReadiness({ path: { team_id: teamId }, signal }),
  });
}

/** Who of the team is known to be reachable at night. */
export function Readiness({ teamId }: { teamId: string }) {
  const query = useQuery(readinessQuery(teamId));
  if (query.data?.length === 0) return null;
  return (
    <Section title="Readiness">
      <Text size="sm" c="dimmed">
        Ready is whom a message that can wake them has reached in the last 30
        days.
      </Text>
      <Loaded what="Who is ready" query={query}>
        {(people) => (
          <Rows label="Readiness">
            {people.map((one) => (
              <PersonRow key={one.user.id} one={one} />
            ))}
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}

function PersonRow({ one: { user, proven, ways } }: { one: One }) {
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600}>
            {user.name}
          </Text>
          {ways.length === 0 ? (
            <Text size="sm" c="dimmed">
              No contact method can wake this person.
            </Text>
          ) : (
            ways.map((way) => <Way key={way.id} way={way} />)
          )}
        </>
      }
      side={
        proven ? (
          <StateLabel tone="teal" icon={IconCircleCheck} word="Ready" />
        ) : (
          <StateLabel tone="orange" icon={IconAlertTriangle} word="Unproven" />
        )
      }
    />
  );
}

function Way({ way: { label, channel, proven_at } }: { way: WayToReach }) {
  return (
    <Text size="sm" c="dimmed">
      {label || channel}:{" "}
      {proven_at ? (
        <>
          proven <Ago at={proven_at} />
        </>
      ) : (
        "never proven"
      )}
    </Text>
  );
}
