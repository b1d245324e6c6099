import { SimpleGrid, Tabs, Text } from "@mantine/core";
import { IconChartBar, IconMailFast } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty } from "../../ui/Empty";
import { ButtonLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Page } from "../../ui/Page";
import { Filters } from "./Filters";
import classes from "./Insights.module.css";
import { type Period, periodOf } from "./period";
import { type Asked, askedOf, reportQuery } from "./queries";
import { Report } from "./Report";
import { Tiles } from "./Tiles";
import { entriesOf, numberIn } from "./table";
import { VIEWS } from "./views";
import { ZONE } from "./words";

const FILTERS = ["team", "service", "urgency"];
const FRESH_S = 300;

/** How quickly people answer, what is noise, and who carries the load. */
export function InsightsPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/insights" });
  const navigate = useNavigate();
  const period = periodOf(search, useNow(FRESH_S));
  const change = (next: Record<string, string>) =>
    void navigate({
      to: "/insights",
      search: { ...search, ...next },
      replace: true,
      resetScroll: false,
    });
  const shown = typeof period === "string" ? null : period;
  return (
    <Page
      title="Insights"
      actions={
        <ButtonLink
          to="/insights/reports"
          variant="default"
          leftSection={<IconMailFast size={16} />}
        >
          Reports by mail
        </ButtonLink>
      }
    >
      <Filters search={search} period={shown} onChange={change} />
      {shown ? (
        <Numbers search={search} period={shown} onChange={change} />
      ) : (
        <Text role="alert">{String(period)}</Text>
      )}
    </Page>
  );
}

interface Props {
  search: Record<string, string>;
  period: Period;
  onChange: (change: Record<string, string>) => void;
}

function Numbers({ search, period, onChange }: Props) {
  const asked = askedOf(search, period.span);
  const view = VIEWS.find(({ name }) => name === search.view) ?? VIEWS[0];
  const filtered = FILTERS.some((key) => Boolean(search[key]));
  return (
    <>
      <Tiles
        asked={asked}
        before={askedOf(search, period.before)}
        beforeName={period.beforeName}
      />
      {!filtered && <NothingYet asked={asked} />}
      <Tabs
        value={view?.name ?? null}
        onChange={(next) => onChange({ view: next ?? "" })}
        keepMounted={false}
      >
        <Tabs.List mb="md" className={classes.tabs}>
          {VIEWS.map(({ name, title }) => (
            <Tabs.Tab key={name} value={name} px={{ base: 6, sm: "md" }}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {VIEWS.map(({ name, reports }) => (
          <Tabs.Panel key={name} value={name}>
            <SimpleGrid
              cols={{ base: 1, lg: reports.length > 1 ? 2 : 1 }}
              spacing="md"
            >
              {reports.map((report) => (
                <Report key={report.insight} {...report} asked={asked} />
              ))}
            </SimpleGrid>
          </Tabs.Panel>
        ))}
      </Tabs>
      <Text size="xs" c="dimmed">
        Days and hours are those of {ZONE}. An incident that ends is counted
        within half a minute.
      </Text>
    </>
  );
}

/** Of an installation that is new, or was quiet. */
function NothingYet({ asked }: { asked: Asked }) {
  const { data } = useQuery(reportQuery("summary", asked));
  if (!data || numberIn(entriesOf(data)[0], "incidents") !== 0) return null;
  return (
    <Empty
      icon={<IconChartBar size={40} />}
      title="No incidents in these days"
      action={
        <ButtonLink variant="default" to="/integrations">
          Connect a tool
        </ButtonLink>
      }
    >
      Once alerts open incidents, you will see here how quickly they are
      answered, which alerts are noise, and whom they call away from work,
      evenings and sleep. Choose a longer time to look further back.
    </Empty>
  );
}
