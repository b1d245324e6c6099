import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock, IconPlus, IconWorld } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { StatusPageSummary } from "../../api/generated";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { NewPageForm } from "./NewPageForm";
import { pagesQuery } from "./queries";
import { STATES } from "./states";

/** What people outside are told: all pages with their state. */
export function StatusPagesPage() {
  const navigate = useNavigate();
  const me = useMe();
  const mayAdd = useEditableTeams().length > 0 || me.platform_admin;
  const [adding, { open, close }] = useDisclosure();
  const query = useInfiniteQuery(pagesQuery());
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New status page
    </Button>
  );
  return (
    <Page title="Status pages" actions={add}>
      <Loaded what="The status pages" query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0)
            return (
              <Empty
                icon={<IconWorld size={40} />}
                title="No status pages yet"
                action={add}
              >
                A status page tells customers or colleagues how things are,
                before they ask: each component with its last 90 days, what is
                wrong now, and what is planned. It stays up when everything else
                is down.
              </Empty>
            );
          return (
            <>
              <Rows label="Status pages">
                {all.map((page) => (
                  <PageRow key={page.id} page={page} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {adding && (
        <NewPageForm
          onClose={close}
          onSaved={({ id }) =>
            navigate({
              to: "/status-pages/$pageId",
              params: { pageId: id },
              search: { tab: "components" },
            })
          }
        />
      )}
    </Page>
  );
}

function PageRow({ page }: { page: StatusPageSummary }) {
  const { id, name, team, slug, visibility, state } = page;
  return (
    <Row
      main={
        <>
          <TextLink to="/status-pages/$pageId" params={{ pageId: id }} fw={600}>
            {name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {team?.name ?? "The whole installation"} · /s/{slug}/
            {visibility === "private" && (
              <>
                {" · "}
                <IconLock size={13} aria-hidden /> private
              </>
            )}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {goingOn(page)}
          </Text>
          <StateLabel {...STATES[state]} />
        </>
      }
    />
  );
}

/** "2 open incidents · planned work", or nothing. */
function goingOn({
  open_incidents: open,
  planned_works: works,
}: StatusPageSummary) {
  return [
    open > 0 && (open === 1 ? "1 open incident" : `${open} open incidents`),
    works > 0 && (works === 1 ? "1 planned work" : `${works} planned works`),
  ]
    .filter(Boolean)
    .join(" · ");
}
