import { Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconZoomQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ExplainIn, ExplainOut } from "../../api/generated";
import { explainQuery, kindsQuery } from "../../api/queries";
import { At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Problem } from "../../ui/Problem";
import { useKept } from "../../ui/use-kept";
import { Form, useSources } from "./Form";
import { type Asked, askedOf, linesOf, questionOf, searchOf } from "./question";
import { Request } from "./Request";
import { Story } from "./Story";

const WAIT_MS = 350;
const NOTHING: ExplainIn = {};

/** Before it happens: who would be paged for an event or a service, when, how and why. */
export function ExplainPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/explain" });
  const navigate = useNavigate();
  const asked = askedOf(search);
  const [kept, onBody] = useKept(`event ${asked.integration}`);
  const [keptHeaders, onHeaders] = useKept(`headers ${asked.integration}`);
  const [target, onTarget] = useKept(`target ${asked.integration}`);
  const sample = useSample(asked);
  const body = kept || sample.body;
  const headers = keptHeaders || sample.headers;
  const { service, integration, severity, when } = asked;
  const typed = useMemo(
    () =>
      questionOf(
        { service, integration, severity, when },
        { body, headers, target },
      ),
    [service, integration, severity, when, body, headers, target],
  );
  const [question] = useDebouncedValue(typed, WAIT_MS);
  const query = useQuery({
    ...explainQuery(question ?? NOTHING),
    enabled: question !== null,
  });
  const onAsk = (next: Asked) =>
    void navigate({ to: "/explain", search: searchOf(next), replace: true });

  return (
    <Page title="Who would be paged?">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Form asked={asked} onAsk={onAsk} body={body} onBody={onBody}>
          <Request
            headers={headers}
            onHeaders={onHeaders}
            target={target}
            onTarget={onTarget}
          />
        </Form>
        <Stack gap="md" aria-busy={query.isFetching} aria-live="polite">
          {question === null ? (
            <Empty
              icon={<IconZoomQuestion size={40} />}
              title="Ask before it happens"
            >
              Choose a service: you see the routing rule, the policy, and who is
              paged in which minute, how and why.
            </Empty>
          ) : (
            <Answer answer={query.data} error={query.error} />
          )}
        </Stack>
      </SimpleGrid>
    </Page>
  );
}

interface Props {
  answer: ExplainOut | undefined;
  error: Error | null;
}

function Answer({ answer, error }: Props) {
  if (error) return <Problem text={error.message} />;
  if (!answer) return <Lines />;
  const { stories, at, until } = answer;
  return (
    <>
      <Text size="sm" c="dimmed">
        As it would be at <At at={at} />.
      </Text>
      {answer.error && (
        <Problem
          text={`It would be kept as unreadable, and an alert would say so: ${answer.error}`}
        />
      )}
      {stories.length === 0 && !answer.error && (
        <Text size="sm">There is no event in it: nothing happens.</Text>
      )}
      {stories.map((story, place) => (
        <Paper
          key={`${place} ${story.routing?.event?.dedup_key}`}
          withBorder
          p="md"
          component="section"
          aria-label={stories.length > 1 ? `Event ${place + 1}` : "Event"}
        >
          <Story story={story} start={at} until={until} />
        </Paper>
      ))}
    </>
  );
}

/** What a test alert of the chosen source looks like. */
function useSample({ service, integration }: Asked) {
  const sources = useSources(service);
  const kinds = useQuery(kindsQuery).data;
  const source = sources.find(({ id }) => id === integration);
  const kind = kinds?.find(({ kind }) => kind === source?.kind);
  return {
    body: kind?.sample ?? "",
    headers: linesOf(kind?.sample_headers ?? {}),
  };
}
