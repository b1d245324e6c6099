import { Badge, Tabs as MantineTabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Filters, TABS, type Tab } from "./filters";
import { countsQuery } from "./queries";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const TITLES: Record<Tab, string> = { mine: "Mine", open: "Open", all: "All" };

function isTab(value: string | null): value is Tab {
  return TABS.some((tab) => tab === value);
}

/** Mine, open, all; with how many there are. */
export function Tabs({ filters, onChange }: Props) {
  const counts = useQuery(countsQuery).data;
  const count = { mine: counts?.mine, open: counts?.open, all: undefined };
  return (
    <MantineTabs
      value={filters.tab}
      onChange={(tab) =>
        isTab(tab) && onChange({ ...filters, tab, status: undefined })
      }
    >
      <MantineTabs.List>
        {TABS.map((tab) => (
          <MantineTabs.Tab
            key={tab}
            value={tab}
            rightSection={
              count[tab] === undefined ? undefined : (
                <Badge variant="default" size="sm" radius="sm">
                  {count[tab] > 1000 ? "1000+" : count[tab]}
                </Badge>
              )
            }
          >
            {TITLES[tab]}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
    </MantineTabs>
  );
}
