import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPlus, IconReportSearch, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { teamsQuery } from "../../api/queries";
import { canRespond, useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { instantTyped } from "../../ui/when";
import { Places } from "./Places";
import { PostmortemRow } from "./PostmortemRow";
import { listQuery, tagsQuery } from "./queries";
import { choicesOf, oneOf, STATES } from "./words";

const TYPING_MS = 200;
const WIDTH = { flex: "1 1 8rem" };
const FILTERS = ["query", "team", "state", "tag", "since", "service"] as const;

/** What was learned, found again. */
export function PostmortemsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/postmortems",
  });
  const navigate = useNavigate();
  const box = useRef<HTMLInputElement>(null);
  const me = useMe();
  const teams = useQuery(teamsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const mayWrite = teams.some(({ id }) => canRespond(me, id));
  const query = useInfiniteQuery(
    listQuery({
      q: search.query,
      team_id: search.team,
      service_id: search.service,
      state: oneOf(STATES, search.state),
      tag: search.tag,
      since: instantTyped(search.since ?? "") ?? undefined,
    }),
  );
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/postmortems",
      search: { ...search, ...change },
      replace: true,
    });
  const find = useDebouncedCallback(
    (words: string) => filter({ query: words }),
    TYPING_MS,
  );
  const write = mayWrite && (
    <ButtonLink to="/postmortems/new" leftSection={<IconPlus size={16} />}>
      Write a postmortem
    </ButtonLink>
  );
  const filtered = FILTERS.some((each) => Boolean(search[each]));
  return (
    <Page title="Postmortems" actions={write}>
      <Places />
      <Group gap="xs">
        <TextInput
          ref={box}
          aria-label="Find a postmortem"
          placeholder="Find in all that was written"
          leftSection={<IconSearch size={16} />}
          defaultValue={search.query}
          onChange={(event) => find(event.currentTarget.value.trim())}
          style={{ flex: "2 1 14rem" }}
        />
        <Select
          aria-label="Team"
          placeholder="All teams"
          data={teams.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.team ?? null}
          onChange={(next) => filter({ team: next ?? "" })}
          clearable
          style={WIDTH}
        />
        <div style={WIDTH}>
          <ServiceSelect
            aria-label="Service"
            placeholder="All services"
            value={search.service ?? null}
            onChange={(next) => filter({ service: next ?? "" })}
            clearable
          />
        </div>
        <Select
          aria-label="State"
          placeholder="All states"
          data={choicesOf(STATES)}
          value={search.state ?? null}
          onChange={(next) => filter({ state: next ?? "" })}
          clearable
          style={WIDTH}
        />
        <Select
          aria-label="Tag"
          placeholder="All tags"
          data={tags}
          value={search.tag ?? null}
          onChange={(next) => filter({ tag: next ?? "" })}
          clearable
          searchable
          nothingFoundMessage="No such tag"
          style={WIDTH}
        />
        <TextInput
          type="date"
          aria-label="Since"
          title="The trouble began on this day or later"
          value={search.since ?? ""}
          onChange={(event) => filter({ since: event.currentTarget.value })}
          style={WIDTH}
        />
      </Group>
      <Loaded what="The postmortems" query={query}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items);
          if (found.length > 0)
            return (
              <>
                <Rows label="Postmortems">
                  {found.map((each) => (
                    <PostmortemRow key={each.id} postmortem={each} />
                  ))}
                </Rows>
                <LoadMore {...query} />
              </>
            );
          return filtered ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No postmortem fits"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    if (box.current) box.current.value = "";
                    filter(Object.fromEntries(FILTERS.map((f) => [f, ""])));
                  }}
                >
                  Show all postmortems
                </Button>
              }
            >
              Look for another word, another team, tag or time.
            </Empty>
          ) : (
            <Empty
              icon={<IconReportSearch size={40} />}
              title="No postmortems yet"
              action={write}
            >
              After something hurt, write down what happened, why it could, and
              what you change. The timeline and the numbers are filled in from
              the incident; the rest takes less time than the next incident.
            </Empty>
          );
        }}
      </Loaded>
    </Page>
  );
}
