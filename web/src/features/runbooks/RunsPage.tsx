import { Button, Group, Select } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { RUN_STATES } from "../../ui/run-states";
import { Places } from "./Places";
import { runbookQuery, runsQuery } from "./queries";
import { RunRows } from "./RunRows";
import { choicesOf, oneOf } from "./words";

/** What was run, newest first. */
export function RunsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/runbooks/runs",
  });
  const navigate = useNavigate();
  const state = oneOf(RUN_STATES, search.state);
  const { runbook } = search;
  const query = useInfiniteQuery(runsQuery({ state, runbook_id: runbook }));
  const only = useQuery({
    ...runbookQuery(runbook ?? ""),
    enabled: Boolean(runbook),
  }).data;
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/runbooks/runs",
      search: { ...search, ...change },
      replace: true,
    });
  return (
    <Page title="Runs of runbooks">
      <Places />
      <Group gap="xs">
        <Select
          aria-label="State"
          placeholder="All states"
          data={choicesOf(RUN_STATES)}
          value={state ?? null}
          onChange={(next) => filter({ state: next ?? "" })}
          clearable
        />
        {runbook && (
          <Button variant="default" onClick={() => filter({ runbook: "" })}>
            Only {only?.name ?? "one runbook"}: show all
          </Button>
        )}
      </Group>
      <Loaded what="The runs" query={query}>
        {({ pages }) => {
          const runs = pages.flatMap((page) => page.items);
          if (runs.length > 0)
            return (
              <>
                <RunRows runs={runs} />
                <LoadMore {...query} />
              </>
            );
          return state || runbook ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No run fits"
              action={
                <Button
                  variant="default"
                  onClick={() => filter({ state: "", runbook: "" })}
                >
                  Show all runs
                </Button>
              }
            >
              Look for another state, or at all runbooks.
            </Empty>
          ) : (
            <Empty
              icon={<IconHistory size={40} />}
              title="Nothing has run yet"
              action={
                <ButtonLink to="/runbooks" variant="default">
                  Look at the library
                </ButtonLink>
              }
            >
              Runs are started from an incident, from a runbook, by a workflow
              or through the API. Each keeps who started it, with what, and all
              that came back.
            </Empty>
          );
        }}
      </Loaded>
    </Page>
  );
}
