import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import type { Heartbeat } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { CopyIcon } from "../../ui/CopyField";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { isState, ICON as Mark, rhythm, STATES, why } from "./look";
import { NewHeartbeat } from "./NewHeartbeat";
import { listQuery } from "./queries";

const TYPING_MS = 200;
const CHOICES = Object.entries(STATES).map(([value, { word }]) => ({
  value,
  label: word,
}));

/** Jobs that say that they have worked, and how each of them is. */
export function HeartbeatsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/heartbeats",
  });
  const navigate = useNavigate();
  const mayAdd = useEditableTeams().length > 0;
  const [adding, { open, close }] = useDisclosure();
  const box = useRef<HTMLInputElement>(null);
  const text = search.query ?? "";
  const state = isState(search.state) ? search.state : undefined;
  const query = useInfiniteQuery(listQuery(text, state));
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/heartbeats",
      search: { ...search, ...change },
      replace: true,
    });
  const find = useDebouncedCallback(
    (words: string) => filter({ query: words }),
    TYPING_MS,
  );
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New heartbeat
    </Button>
  );
  return (
    <Page title="Heartbeats" actions={add}>
      <Group gap="xs">
        <TextInput
          ref={box}
          aria-label="Find a heartbeat"
          placeholder="Find a heartbeat"
          leftSection={<IconSearch size={16} />}
          defaultValue={text}
          onChange={(event) => find(event.currentTarget.value.trim())}
          style={{ flex: "1 1 10rem" }}
        />
        <Select
          aria-label="State"
          placeholder="All states"
          data={CHOICES}
          value={state ?? null}
          onChange={(next) => filter({ state: next ?? "" })}
          clearable
          style={{ flex: "1 1 8rem" }}
        />
      </Group>
      <Loaded what="The heartbeats" query={query}>
        {({ pages }) => {
          const heartbeats = pages.flatMap((page) => page.items);
          if (heartbeats.length > 0)
            return (
              <>
                <Rows label="Heartbeats">
                  {heartbeats.map((each) => (
                    <HeartbeatRow key={each.id} heartbeat={each} />
                  ))}
                </Rows>
                <LoadMore {...query} />
              </>
            );
          return text || state ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No heartbeat fits"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    if (box.current) box.current.value = "";
                    filter({ query: "", state: "" });
                  }}
                >
                  Show all heartbeats
                </Button>
              }
            >
              Look for another word, or for another state.
            </Empty>
          ) : (
            <Empty
              icon={<Mark size={40} />}
              title="No heartbeats yet"
              action={add}
            >
              A backup, a nightly job, a device: it pings an address when it has
              done its work, and PageFree pages when it does not. Add one, and
              paste one line into its crontab.
            </Empty>
          );
        }}
      </Loaded>
      {adding && <NewHeartbeat onClose={close} />}
    </Page>
  );
}

function HeartbeatRow({ heartbeat }: { heartbeat: Heartbeat }) {
  const { id, name, service, team, state, last_ping_at, ping_url } = heartbeat;
  const reason = why(heartbeat);
  return (
    <Row
      main={
        <>
          <Group gap={4}>
            <TextLink
              to="/heartbeats/$heartbeatId"
              params={{ heartbeatId: id }}
              fw={600}
            >
              {name}
            </TextLink>
            <CopyIcon label={`the ping address of ${name}`} value={ping_url} />
          </Group>
          <Text size="sm" c="dimmed">
            {service.name} · {team.name}
            {reason && ` · ${reason}`}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {rhythm(heartbeat)}
          </Text>
          <Text size="sm" c="dimmed">
            {last_ping_at ? (
              <>
                pinged <Ago at={last_ping_at} />
              </>
            ) : (
              "never pinged"
            )}
          </Text>
          <Group miw={{ sm: 116 }}>
            <StateLabel {...STATES[state]} />
          </Group>
        </>
      }
    />
  );
}
