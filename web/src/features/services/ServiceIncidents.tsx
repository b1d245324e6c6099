import { Text } from "@mantine/core";
import {
  IconAlertCircle,
  IconCircleCheck,
  IconUserCheck,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Service } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { serviceIncidentsQuery } from "./queries";

const STATES = {
  triggered: { tone: "red", icon: IconAlertCircle, word: "Triggered" },
  acknowledged: { tone: "orange", icon: IconUserCheck, word: "Acknowledged" },
  resolved: { tone: "teal", icon: IconCircleCheck, word: "Resolved" },
} as const;

/** The latest incidents of a service. */
export function ServiceIncidents({ service }: { service: Service }) {
  const query = useQuery(serviceIncidentsQuery(service.id));
  return (
    <Section
      title="Latest incidents"
      action={
        query.data?.next_cursor && (
          <TextLink
            to="/incidents"
            search={{ tab: "all", service: service.id }}
            size="sm"
          >
            All of them
          </TextLink>
        )
      }
    >
      <Loaded what="The incidents" query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              None so far.
            </Text>
          ) : (
            <Rows label="Latest incidents">
              {items.map(({ id, number, title, status, opened_at }) => (
                <Row
                  key={id}
                  main={
                    <TextLink
                      to="/incidents/$incidentId"
                      params={{ incidentId: String(number) }}
                    >
                      #{number} {title}
                    </TextLink>
                  }
                  side={
                    <>
                      <StateLabel {...STATES[status]} />
                      <Text size="sm" c="dimmed">
                        <Ago at={opened_at} />
                      </Text>
                    </>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}
