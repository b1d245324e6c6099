import { Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconBell, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReportedAlert } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { StateLabel } from "../../ui/StateLabel";
import classes from "./Alerts.module.css";
import { lookOf, SEVERITY_LOOK, whyQuiet } from "./look";
import {
  type AlertFilters,
  CHOICES,
  filtersOf,
  isWhich,
  listQuery,
  WHICH,
} from "./queries";

/** What the monitoring tools report, alert by alert. */
export function AlertsPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/alerts" });
  const navigate = useNavigate();
  const filters = filtersOf(search);
  const query = useInfiniteQuery(listQuery(filters));
  const set = (change: Record<string, string>) =>
    void navigate({ to: "/alerts", search: { ...search, ...change } });
  return (
    <Page title="Alerts">
      <Bar filters={filters} which={search.which} onChange={set} />
      <Loaded what="The alerts" query={query}>
        {(data) => {
          const alerts = data.pages.flatMap((page) => page.items);
          if (alerts.length === 0) return <NoAlerts filters={filters} />;
          return (
            <>
              <ul className={classes.list} aria-label="Alerts">
                {alerts.map((alert) => (
                  <Row key={alert.id} alert={alert} />
                ))}
              </ul>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

interface BarProps {
  filters: AlertFilters;
  which: string | undefined;
  onChange: (change: Record<string, string>) => void;
}

function Bar({ filters, which, onChange }: BarProps) {
  const later = useDebouncedCallback(
    (query: string) => onChange({ query }),
    250,
  );
  return (
    <Group gap="xs">
      <SegmentedControl
        aria-label="State"
        data={CHOICES.status.map((value) => ({
          value,
          label: value.charAt(0).toUpperCase() + value.slice(1),
        }))}
        value={filters.status ?? "open"}
        onChange={(status) => onChange({ status })}
      />
      <TextInput
        aria-label="Search alerts"
        placeholder="Words of the title"
        leftSection={<IconSearch size={16} />}
        defaultValue={filters.query ?? ""}
        onChange={(event) => later(event.currentTarget.value)}
      />
      <Select
        aria-label="Severity"
        placeholder="Any severity"
        w={150}
        clearable
        data={CHOICES.severity}
        value={filters.severity ?? null}
        onChange={(severity) => onChange({ severity: severity ?? "" })}
      />
      <Select
        aria-label="Who is told"
        placeholder="Told or not"
        w={170}
        clearable
        data={Object.entries(WHICH).map(([value, { label }]) => ({
          value,
          label,
        }))}
        value={isWhich(which) ? which : null}
        onChange={(next) => onChange({ which: next ?? "" })}
      />
    </Group>
  );
}

function Row({ alert }: { alert: ReportedAlert }) {
  return (
    <li className={classes.row}>
      <span className={classes.state}>
        <StateLabel {...lookOf(alert)} />
      </span>
      <span className={classes.severity}>
        <StateLabel {...SEVERITY_LOOK[alert.severity]} />
      </span>
      <span className={classes.what}>
        <Link
          to="/alerts/$alertId"
          params={{ alertId: alert.id }}
          className={classes.title}
        >
          {alert.title}
        </Link>
        {alert.status === "open" && alert.suppression && (
          <span className={classes.why}>{whyQuiet(alert.suppression)}</span>
        )}
      </span>
      <span className={classes.source}>{alert.integration.name}</span>
      <span className={classes.times}>
        {alert.occurrences > 1 && `×${alert.occurrences}`}
      </span>
      <span className={classes.age}>
        <Ago at={alert.last_at} />
      </span>
    </li>
  );
}

function NoAlerts({ filters }: { filters: AlertFilters }) {
  const filtered = Boolean(
    filters.query ||
      filters.severity ||
      filters.unrouted ||
      filters.suppressed !== undefined,
  );
  return (
    <Empty
      icon={<IconBell size={40} />}
      title={filtered ? "No alert fits" : "No alerts"}
      action={
        filtered ? undefined : (
          <ButtonLink variant="default" to="/integrations">
            Connect a tool
          </ButtonLink>
        )
      }
    >
      {filtered
        ? "Try other words, or another state."
        : "No monitoring tool reports anything that is wrong."}
    </Empty>
  );
}
