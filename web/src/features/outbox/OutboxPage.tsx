import { Group, Stack, Text } from "@mantine/core";
import { IconMailbox } from "@tabler/icons-react";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { listOutbox } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Message } from "./Message";

const NO_CURSOR: string | null = null;

function outboxQuery() {
  return infiniteQueryOptions({
    queryKey: ["outbox"],
    queryFn: ({ pageParam, signal }) =>
      listOutbox({ query: { cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.next_cursor,
    // a message is written a moment after the event that is told of
    refetchInterval: 3_000,
  });
}

/** In demo mode: everything that would have left the house, as people would see it. */
export function OutboxPage() {
  const query = useInfiniteQuery(outboxQuery());
  return (
    <Page title="Outbox">
      <Text size="sm" c="dimmed" maw={640}>
        This is a demo: nothing is sent. What would have left is kept here as
        the person would see it. Buttons that are links work.
      </Text>
      <Loaded what="The outbox" query={query}>
        {(data) => {
          const messages = data.pages.flatMap((page) => page.items);
          return messages.length === 0 ? (
            <Empty
              icon={<IconMailbox size={40} />}
              title="Nothing was sent yet"
              action={
                <ButtonLink to="/incidents" search={{ declare: "1" }}>
                  Page someone
                </ButtonLink>
              }
            >
              As soon as somebody is paged, the message appears here.
            </Empty>
          ) : (
            <Stack gap="md">
              {messages.map((message) => (
                <Message key={message.id} message={message} />
              ))}
              <Group justify="center">
                <LoadMore {...query} />
              </Group>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
