import { Group, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBook2, IconSearch } from "@tabler/icons-react";
import {
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { getIncident, type RunbookSummary } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink, TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { AllStopped } from "./AllStopped";
import { libraryQuery } from "./queries";
import { CLASSES } from "./words";

const TYPING_MS = 200;
const MOST_SHOWN = 140;

function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id],
    queryFn: ({ signal }) => getIncident({ path: { incident_id: id }, signal }),
  });
}

/** Choose what to run for an incident: what is approved, and this team may run. */
export function PickPage() {
  const { incidentId } = useParams({
    from: "/frame/incidents/$incidentId/runbooks",
  });
  const incident = useQuery(incidentQuery(incidentId));
  return (
    <Page title="Run a runbook">
      <Loaded what="The incident" query={incident}>
        {({ id, number, title, team }) => (
          <>
            <TextLink
              to="/incidents/$incidentId"
              params={{ incidentId: String(number) }}
            >
              #{number} {title}
            </TextLink>
            <AllStopped />
            <Choices incidentId={id} teamId={team.id} team={team.name} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Choices(props: { incidentId: string; teamId: string; team: string }) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), TYPING_MS);
  const query = useInfiniteQuery(
    libraryQuery({ q, team_id: props.teamId, state: "approved" }),
  );
  return (
    <>
      <TextInput
        aria-label="Find a runbook"
        placeholder="Find a runbook"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Loaded what="The runbooks" query={query}>
        {({ pages }) => {
          const runbooks = pages.flatMap((page) => page.items);
          if (runbooks.length > 0)
            return (
              <>
                <Rows label="Runbooks">
                  {runbooks.map((each) => (
                    <Choice
                      key={each.id}
                      runbook={each}
                      incidentId={props.incidentId}
                    />
                  ))}
                </Rows>
                <LoadMore {...query} />
              </>
            );
          return (
            <Empty
              icon={<IconBook2 size={40} />}
              title={q ? "No runbook fits" : "Nothing is approved to run yet"}
              action={
                <ButtonLink to="/runbooks" variant="default">
                  Look at the library
                </ButtonLink>
              }
            >
              {q
                ? "Look for another word."
                : `${props.team} has no approved runbook. Somebody writes one, somebody else approves it; then it can be run from here.`}
            </Empty>
          );
        }}
      </Loaded>
    </>
  );
}

interface ChoiceProps {
  runbook: RunbookSummary;
  incidentId: string;
}

function Choice({ runbook, incidentId }: ChoiceProps) {
  const { id, name, run_class, stopped_at } = runbook;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/runbooks/$runbookId/run"
            params={{ runbookId: id }}
            search={{ incident: incidentId }}
            fw={600}
          >
            {name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {summaryOf(runbook.description)}
            {stopped_at && ` Stopped: ${runbook.stopped_reason}`}
          </Text>
        </>
      }
      side={
        <Group miw={{ sm: 124 }}>
          <StateLabel {...CLASSES[run_class]} />
        </Group>
      }
    />
  );
}

/** The beginning of a description, without its Markdown. */
function summaryOf(description: string): string {
  const plain = description
    .replace(/[#*`_>]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain;
}
