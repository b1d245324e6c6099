import { Select, Text, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { InboundRequest, Integration } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import {
  bytes,
  CHECKS,
  DISPOSITIONS,
  isDisposition,
  outcomes,
  sentence,
} from "./outcomes";
import { requestsQuery } from "./queries";
import { RequestDrawer } from "./RequestDrawer";
import classes from "./RequestLog.module.css";

const CHOICES = Object.entries(DISPOSITIONS).map(([value, { word }]) => ({
  value,
  label: word,
}));

interface Props {
  integration: Integration;
  mayEdit: boolean;
}

/** What the tool sent, newest first: also what could not be read or was refused. */
export function RequestLog({ integration, mayEdit }: Props) {
  const search: Record<string, string> = useSearch({
    from: "/frame/integrations/$integrationId",
  });
  const navigate = useNavigate();
  const only = isDisposition(search.outcome) ? search.outcome : undefined;
  const query = useInfiniteQuery(requestsQuery(integration.id, only));
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/integrations/$integrationId",
      params: { integrationId: integration.id },
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  return (
    <Section
      title="Requests"
      action={
        <Select
          size="xs"
          w={170}
          aria-label="Which requests"
          placeholder="All requests"
          clearable
          data={CHOICES}
          value={only ?? null}
          onChange={(outcome) => show({ outcome: outcome ?? "" })}
        />
      }
    >
      {only && (
        <Text size="sm" c="dimmed">
          {DISPOSITIONS[only].word}: {DISPOSITIONS[only].means}.
        </Text>
      )}
      <Loaded what="The requests" query={query}>
        {({ pages }) => {
          const requests = pages.flatMap((page) => page.items);
          return requests.length === 0 ? (
            <Text size="sm" c="dimmed">
              {only
                ? "There is no such request."
                : "Nothing has arrived yet: see the set-up."}
            </Text>
          ) : (
            <>
              <Rows label="Requests">
                {requests.map((request) => (
                  <RequestRow
                    key={request.id}
                    request={request}
                    onOpen={() => show({ request: request.id })}
                  />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      <RequestDrawer
        id={search.request}
        title={integration.title}
        mayEdit={mayEdit && !integration.disabled_at}
        onOpen={(request) => show({ request })}
        onClose={() => show({ request: "" })}
      />
    </Section>
  );
}

interface RowProps {
  request: InboundRequest;
  onOpen: () => void;
}

function RequestRow({ request, onOpen }: RowProps) {
  const { outcome, error, event_outcomes, received_at, size, signature } =
    request;
  return (
    <Row
      main={
        <UnstyledButton onClick={onOpen} w="100%" display="block">
          <Text c="var(--mantine-color-anchor)" fz="sm" lineClamp={2}>
            {sentence(error ?? outcomes(event_outcomes))}
          </Text>
        </UnstyledButton>
      }
      side={
        <>
          {outcome !== "rejected" && <StateLabel {...CHECKS[signature]} />}
          <StateLabel {...DISPOSITIONS[outcome]} />
          <Text size="sm" c="dimmed" className={classes.size}>
            {bytes(size)}
          </Text>
          <Text size="sm" c="dimmed" className={classes.age}>
            <Ago at={received_at} />
          </Text>
        </>
      }
    />
  );
}
