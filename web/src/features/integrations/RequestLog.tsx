import { SegmentedControl, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { InboundRequest, Integration } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { bytes, outcomes } from "./outcomes";
import { requestsQuery } from "./queries";
import { RequestDrawer } from "./RequestDrawer";

const STATES = {
  processed: { tone: "teal", icon: IconCircleCheck, word: "Taken in" },
  quarantined: { tone: "orange", icon: IconAlertTriangle, word: "Unreadable" },
} as const;

/** What the tool sent, newest first: also what could not be read. */
export function RequestLog({ integration }: { integration: Integration }) {
  const search: Record<string, string> = useSearch({
    from: "/frame/integrations/$integrationId",
  });
  const navigate = useNavigate();
  const quarantined = search.outcome === "quarantined";
  const query = useInfiniteQuery(
    requestsQuery(integration.id, quarantined ? "quarantined" : undefined),
  );
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
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          value={quarantined ? "quarantined" : ""}
          onChange={(outcome) => show({ outcome })}
          data={[
            { value: "", label: "All" },
            { value: "quarantined", label: "Unreadable" },
          ]}
        />
      }
    >
      <Loaded what="The requests" query={query}>
        {({ pages }) => {
          const requests = pages.flatMap((page) => page.items);
          return requests.length === 0 ? (
            <Text size="sm" c="dimmed">
              {quarantined
                ? "Everything that arrived could be read."
                : "Nothing has arrived yet."}
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
  const { outcome, error, event_outcomes, received_at, size } = request;
  return (
    <Row
      main={
        <UnstyledButton onClick={onOpen} w="100%">
          <Text c="var(--mantine-color-anchor)" fz="sm" lineClamp={2}>
            {error ?? outcomes(event_outcomes)}
          </Text>
        </UnstyledButton>
      }
      side={
        <>
          <StateLabel {...STATES[outcome]} />
          <Text size="sm" c="dimmed">
            {bytes(size)}
          </Text>
          <Text size="sm" c="dimmed">
            <Ago at={received_at} />
          </Text>
        </>
      }
    />
  );
}
