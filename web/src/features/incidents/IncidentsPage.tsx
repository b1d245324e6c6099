import { useHotkeys } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import type { IncidentOut } from "../../api/generated";
import { canActOn, useMe } from "../../me";
import { Later } from "../../ui/Later";
import { Loaded } from "../../ui/Loaded";
import { MaintenanceNote } from "../../ui/Maintenance";
import { Page } from "../../ui/Page";
import { BulkBar } from "./BulkBar";
import { FilterBar } from "./FilterBar";
import { type Filters, filtersOf, searchOf } from "./filters";
import { IncidentList } from "./IncidentList";
import { NoIncidents } from "./NoIncidents";
import { everyIncident, listQuery } from "./queries";
import { Tabs } from "./Tabs";
import { useWithUnsent } from "./use-with-unsent";

const DeclareModal = lazy(() => import("./DeclareModal"));

/** All incidents that matter to somebody, newest first. */
export function IncidentsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/incidents",
  });
  const navigate = useNavigate();
  const me = useMe();
  const filters = useMemo(() => filtersOf(search), [search]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // what was selected without being shown
  const [others, setOthers] = useState<readonly IncidentOut[]>([]);
  const searchBox = useRef<HTMLInputElement>(null);
  const query = useInfiniteQuery(listQuery(filters));
  const withUnsent = useWithUnsent();
  const { data } = query;
  // one comes back to it
  const [wasThere] = useState(data !== undefined);
  const incidents = useMemo(
    () => data?.pages.flatMap((page) => page.items.map(withUnsent)) ?? [],
    [data, withUnsent],
  );
  useHotkeys([["/", () => searchBox.current?.focus()]]);

  const selectAll = async () => {
    const every = await everyIncident(filters);
    const mine = every.filter((incident) => canActOn(me, incident));
    setOthers(mine);
    setSelected(new Set(mine.map(({ id }) => id)));
  };
  const show = (next: Filters) => {
    setSelected(new Set());
    void navigate({ to: "/incidents", search: searchOf(next) });
  };
  const endDeclaring = () =>
    void navigate({
      to: "/incidents",
      search: searchOf(filters),
      replace: true,
    });

  return (
    <Page title="Incidents">
      <MaintenanceNote />
      <Tabs filters={filters} onChange={show} />
      <FilterBar filters={filters} onChange={show} searchBox={searchBox} />
      <Loaded what="The incidents" query={query}>
        {() =>
          incidents.length === 0 && !query.hasNextPage ? (
            <NoIncidents filters={filters} onChange={show} />
          ) : (
            <Later atOnce={wasThere}>
              <IncidentList
                // another question, another list: nothing of it is held back
                key={JSON.stringify(filters)}
                incidents={incidents}
                selected={selected}
                onSelect={setSelected}
                onSelectAll={selectAll}
                more={query}
              />
              <BulkBar
                incidents={chosen(selected, others, incidents)}
                onDone={() => setSelected(new Set())}
              />
            </Later>
          )
        }
      </Loaded>
      <Suspense>
        {search.declare !== undefined && (
          <DeclareModal onClose={endDeclaring} />
        )}
      </Suspense>
    </Page>
  );
}

/** Those that are selected; what is shown is fresher than what was fetched to be selected. */
function chosen(
  selected: ReadonlySet<string>,
  others: readonly IncidentOut[],
  shown: readonly IncidentOut[],
): IncidentOut[] {
  if (selected.size === 0) return [];
  const every = [...others, ...shown].map((each) => [each.id, each] as const);
  return [...new Map(every).values()].filter(({ id }) => selected.has(id));
}
