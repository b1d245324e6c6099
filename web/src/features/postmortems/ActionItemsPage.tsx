import { Group, SegmentedControl, Switch } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { ItemRow } from "./ItemRow";
import { Places } from "./Places";
import { allItemsQuery } from "./queries";

/** What was promised in all postmortems: by me, or by anybody. */
export function ActionItemsPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/postmortems/action-items",
  });
  const navigate = useNavigate();
  const whose = search.whose === "all" ? "all" : "mine";
  const closed = search.closed === "1";
  const query = useInfiniteQuery(allItemsQuery(whose === "mine", !closed));
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/postmortems/action-items",
      search: { ...search, ...change },
      replace: true,
    });
  return (
    <Page title="Action items">
      <Places />
      <Group gap="md">
        <SegmentedControl
          aria-label="Whose"
          data={[
            { value: "mine", label: "Mine" },
            { value: "all", label: "Everybody's" },
          ]}
          value={whose}
          onChange={(next) => show({ whose: next === "all" ? next : "" })}
        />
        <Switch
          label="Also what is done or dropped"
          checked={closed}
          onChange={(event) =>
            show({ closed: event.currentTarget.checked ? "1" : "" })
          }
        />
      </Group>
      <Loaded what="The action items" query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty
              icon={<IconChecklist size={40} />}
              title={
                whose === "mine" ? "Nothing waits for you" : "Nothing waits"
              }
            >
              Action items are written down in postmortems. Their owners are
              reminded three days before they are due, on the day, and each week
              after.
            </Empty>
          ) : (
            <>
              <Rows label="Action items">
                {items.map((item) => (
                  <ItemRow key={item.id} item={item} canWrite={false} named />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
