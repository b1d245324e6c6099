import { Text } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { StatusIncident, StatusPage } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink, TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { useMay } from "./may";
import { toldQuery } from "./queries";
import { isOver, isToCome, STAGES } from "./states";

/** What was told on a page: what is open, what waits for its time, what is over. */
export function Told({ page }: { page: StatusPage }) {
  const may = useMay(page);
  const query = useInfiniteQuery(toldQuery(page.id));
  return (
    <Loaded what="The incidents" query={query}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items);
        if (all.length === 0)
          return (
            <Empty
              icon={<IconSpeakerphone size={40} />}
              title="Nothing has been told yet"
              action={
                may.publish && (
                  <ButtonLink
                    to="/status-pages/tell"
                    search={{ page_id: page.id }}
                  >
                    Tell customers
                  </ButtonLink>
                )
              }
            >
              When something is wrong, say so here or on the page of the
              incident, with “Tell customers”. People ask less when they are
              told first.
            </Empty>
          );
        const told = all.filter((one) => !isToCome(one));
        return (
          <>
            <Part
              title="To be told"
              incidents={all.filter((one) => isToCome(one))}
            />
            <Part title="Open" incidents={told.filter((one) => !isOver(one))} />
            <Part title="Over" incidents={told.filter(isOver)} />
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}

interface PartProps {
  title: string;
  incidents: StatusIncident[];
}

function Part({ title, incidents }: PartProps) {
  if (incidents.length === 0) return null;
  return (
    <Section title={title}>
      <Rows label={title}>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </Rows>
    </Section>
  );
}

function IncidentRow({ incident }: { incident: StatusIncident }) {
  const { id, name, status, components, updates } = incident;
  const next = updates.find(({ published_at }) => published_at === null);
  const newest = updates.find(({ published_at }) => published_at !== null);
  return (
    <Row
      main={
        <>
          <TextLink
            to="/status-incidents/$statusIncidentId"
            params={{ statusIncidentId: id }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {components.map((one) => one.name).join(", ") || "No component"}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {newest && (
              <>
                last told <Ago at={newest.display_at} />
              </>
            )}
            {next && (
              <>
                {newest && " · "}next at <At at={next.publish_at} />
              </>
            )}
            {!newest && !next && "its only update was called off"}
          </Text>
          <StateLabel {...STAGES[status]} />
        </>
      }
    />
  );
}
