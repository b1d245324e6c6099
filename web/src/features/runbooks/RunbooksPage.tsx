import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconBook2, IconPlus, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { teamsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { AllStopped } from "./AllStopped";
import { Places } from "./Places";
import { libraryQuery } from "./queries";
import { RunbookRow } from "./RunbookRow";
import { useWritingTeams } from "./use-writing-teams";
import { CLASSES, choicesOf, oneOf, VERSION_STATES } from "./words";

const TYPING_MS = 200;
const WIDTH = { flex: "1 1 9rem" };

/** The library: what can be run, who may, and how it went the last time. */
export function RunbooksPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/runbooks" });
  const navigate = useNavigate();
  const box = useRef<HTMLInputElement>(null);
  const teams = useQuery(teamsQuery).data ?? [];
  const mayWrite = useWritingTeams().length > 0;
  const query = useInfiniteQuery(
    libraryQuery({
      q: search.query,
      team_id: search.team,
      run_class: oneOf(CLASSES, search.class),
      state: oneOf(VERSION_STATES, search.state),
    }),
  );
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/runbooks",
      search: { ...search, ...change },
      replace: true,
    });
  const find = useDebouncedCallback(
    (words: string) => filter({ query: words }),
    TYPING_MS,
  );
  const write = mayWrite && (
    <ButtonLink to="/runbooks/new" leftSection={<IconPlus size={16} />}>
      New runbook
    </ButtonLink>
  );
  const filtered = ["query", "team", "class", "state"].some((each) =>
    Boolean(search[each]),
  );
  return (
    <Page title="Runbooks" actions={write}>
      <Places />
      <AllStopped />
      <Group gap="xs">
        <TextInput
          ref={box}
          aria-label="Find a runbook"
          placeholder="Find a runbook"
          leftSection={<IconSearch size={16} />}
          defaultValue={search.query}
          onChange={(event) => find(event.currentTarget.value.trim())}
          style={{ flex: "2 1 12rem" }}
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
        <Select
          aria-label="Class"
          placeholder="All classes"
          data={choicesOf(CLASSES)}
          value={search.class ?? null}
          onChange={(next) => filter({ class: next ?? "" })}
          clearable
          style={WIDTH}
        />
        <Select
          aria-label="State"
          placeholder="All states"
          data={choicesOf(VERSION_STATES)}
          value={search.state ?? null}
          onChange={(next) => filter({ state: next ?? "" })}
          clearable
          style={WIDTH}
        />
      </Group>
      <Loaded what="The runbooks" query={query}>
        {({ pages }) => {
          const runbooks = pages.flatMap((page) => page.items);
          if (runbooks.length > 0)
            return (
              <>
                <Rows label="Runbooks">
                  {runbooks.map((each) => (
                    <RunbookRow key={each.id} runbook={each} />
                  ))}
                </Rows>
                <LoadMore {...query} />
              </>
            );
          return filtered ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No runbook fits"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    if (box.current) box.current.value = "";
                    filter({ query: "", team: "", class: "", state: "" });
                  }}
                >
                  Show all runbooks
                </Button>
              }
            >
              Look for another word, another team, class or state.
            </Empty>
          ) : (
            <Empty
              icon={<IconBook2 size={40} />}
              title="No runbooks yet"
              action={write}
            >
              A runbook starts something that exists already: a job in AWX or
              Rundeck, a workflow in GitHub, a runner of your own. Somebody
              writes it, somebody else approves it, and then whoever is on call
              runs it from an incident, phone in hand. Connect the system first,
              under Connections.
            </Empty>
          );
        }}
      </Loaded>
    </Page>
  );
}
