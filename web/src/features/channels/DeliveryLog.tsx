import {
  Box,
  Button,
  Collapse,
  Group,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMailbox } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { channelsQuery } from "../../api/channels";
import type { LoggedNotification } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Attempts } from "../../ui/Attempts";
import { Empty } from "../../ui/Empty";
import { fateOf } from "../../ui/fate";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { PersonSelect } from "../../ui/PersonSelect";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { aboutWords, isStatus, STATUSES } from "./log-words";
import { logQuery } from "./queries";

/** Every message to everybody, newest first, and what became of it. */
export function DeliveryLog() {
  const search: Record<string, string> = useSearch({ from: "/frame/channels" });
  const status = isStatus(search.status) ? search.status : undefined;
  const query = useInfiniteQuery(
    logQuery({ channel: search.channel, status, userId: search.user }),
  );
  return (
    <Stack gap="sm">
      <Filters />
      <Loaded what="The delivery log" query={query}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          return all.length === 0 ? (
            <Empty icon={<IconMailbox size={40} />} title="Nothing like that">
              Every message that PageFree sends, or would have sent, is noted
              here with what became of it.
            </Empty>
          ) : (
            <>
              <Rows label="Messages">
                {all.map((each) => (
                  <Message key={each.id} message={each} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Filters() {
  const search: Record<string, string> = useSearch({ from: "/frame/channels" });
  const navigate = useNavigate();
  const channels = useQuery(channelsQuery).data ?? [];
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/channels",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  return (
    <Group gap="xs">
      <Select
        aria-label="Which channel"
        placeholder="All channels"
        clearable
        data={channels.map(({ kind, title }) => ({
          value: kind,
          label: title,
        }))}
        value={search.channel ?? null}
        onChange={(channel) => show({ channel: channel ?? "" })}
      />
      <Select
        aria-label="What became of it"
        placeholder="Whatever became of it"
        clearable
        data={STATUSES}
        value={search.status ?? null}
        onChange={(status) => show({ status: status ?? "" })}
      />
      {search.user ? (
        <Button variant="default" onClick={() => show({ user: "", name: "" })}>
          {search.name || "One person"}: show everybody
        </Button>
      ) : (
        <Box miw={160}>
          <PersonSelect
            aria-label="Who"
            placeholder="Everybody"
            value={null}
            onPick={({ id, name }) => show({ user: id, name })}
          />
        </Box>
      )}
    </Group>
  );
}

function Message({ message }: { message: LoggedNotification }) {
  const { user, incident, channel, label, attempts, created_at } = message;
  const channels = useQuery(channelsQuery).data ?? [];
  const title = channels.find(({ kind }) => kind === channel)?.title ?? channel;
  const [opened, { toggle }] = useDisclosure();
  return (
    <Row
      main={
        <>
          <Text size="sm">
            <Text span inherit fw={600}>
              {user.name}
            </Text>
            {user.kind === "room" && " (room)"}
            {" · "}
            {user.kind === "room" ? title : label || title}
          </Text>
          <Text size="sm" c="dimmed">
            {incident && (
              <>
                <TextLink
                  to="/incidents/$incidentId"
                  params={{ incidentId: String(incident.number) }}
                  inherit
                >
                  #{incident.number} {incident.title}
                </TextLink>
                {" · "}
              </>
            )}
            {aboutWords(message)}
          </Text>
          <Collapse expanded={opened}>
            <Box py={6}>
              <Attempts attempts={attempts} />
            </Box>
          </Collapse>
        </>
      }
      side={
        <>
          <StateLabel {...fateOf(message)} />
          <Text size="sm" c="dimmed">
            <Ago at={created_at} />
          </Text>
          {attempts.length > 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-expanded={opened}
              onClick={toggle}
            >
              {attempts.length === 1
                ? "1 attempt"
                : `${attempts.length} attempts`}
            </Button>
          )}
        </>
      }
    />
  );
}
