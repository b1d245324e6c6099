import { Button, Select } from "@mantine/core";
import { IconBarrierBlock, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { MaintenanceWindow } from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { EndModal } from "./EndModal";
import { windowsQuery } from "./queries";
import { WindowForm } from "./WindowForm";
import { WindowRow } from "./WindowRow";
import { TITLES } from "./words";

const ORDER = ["active", "planned", "over"] as const;

/** Work during which alerts page nobody: under way, planned, and over. */
export function MaintenancePage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/maintenance",
  });
  const navigate = useNavigate();
  const me = useMe();
  const mayAdd = useEditableTeams().length > 0 || me.platform_admin;
  const [adding, setAdding] = useState(false);
  const teams = useQuery(teamsQuery).data;
  const query = useInfiniteQuery(windowsQuery(search.team_id));
  const show = (teamId: string | null) =>
    void navigate({
      to: "/maintenance",
      search: { team_id: teamId ?? "" },
      replace: true,
    });
  const add = mayAdd && (
    <Button
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      New window
    </Button>
  );
  return (
    <Page title="Maintenance" actions={add}>
      <Loaded what="The maintenance windows" query={query}>
        {({ pages }) => {
          const windows = pages.flatMap((page) => page.items);
          if (windows.length === 0 && !search.team_id)
            return (
              <Empty
                icon={<IconBarrierBlock size={40} />}
                title="No maintenance windows"
                action={add}
              >
                While you upgrade a database its alerts need not wake anyone. A
                maintenance window keeps new alerts quiet, says why, and pages
                people for what still fires when it ends.
              </Empty>
            );
          return (
            <>
              <Select
                aria-label="Team"
                placeholder="All teams"
                maw={320}
                clearable
                data={teams?.map(({ id, name }) => ({
                  value: id,
                  label: name,
                }))}
                value={search.team_id ?? null}
                onChange={show}
              />
              {windows.length === 0 ? (
                <Empty
                  icon={<IconBarrierBlock size={40} />}
                  title="None of this team"
                  action={
                    <Button variant="default" onClick={() => show(null)}>
                      Show those of all teams
                    </Button>
                  }
                >
                  Another team may have planned some, or the installation.
                </Empty>
              ) : (
                <Lists windows={windows} />
              )}
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {adding && <WindowForm onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Lists({ windows }: { windows: MaintenanceWindow[] }) {
  const [editing, setEditing] = useState<MaintenanceWindow>();
  const [ending, setEnding] = useState<MaintenanceWindow>();
  const soonest = (a: MaintenanceWindow, b: MaintenanceWindow) =>
    (a.next_start_at ?? "").localeCompare(b.next_start_at ?? "");
  return (
    <>
      {ORDER.map((state) => {
        const those = windows.filter((each) => each.state === state);
        const sorted = state === "over" ? those : those.sort(soonest);
        return (
          sorted.length > 0 && (
            <Section key={state} title={TITLES[state]}>
              <Rows label={TITLES[state]}>
                {sorted.map((each) => (
                  <WindowRow
                    key={each.id}
                    window={each}
                    onEdit={() => setEditing(each)}
                    onEnd={() => setEnding(each)}
                  />
                ))}
              </Rows>
            </Section>
          )
        );
      })}
      {editing && (
        <WindowForm window={editing} onClose={() => setEditing(undefined)} />
      )}
      {ending && (
        <EndModal window={ending} onClose={() => setEnding(undefined)} />
      )}
    </>
  );
}
