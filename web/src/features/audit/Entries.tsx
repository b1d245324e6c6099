import { Button, Group, Pill, Select, Stack, TextInput } from "@mantine/core";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Rows } from "../../ui/Rows";
import { EntryRow } from "./EntryRow";
import { type AuditFilter, entriesQuery } from "./queries";
import { exportOf, KINDS } from "./words";

const NARROWED: Record<string, string> = {
  actor_id: "By one actor",
  object_id: "Of one object",
  request_id: "Of one request",
};

/** Every entry, to filter and to take along. */
export function Entries() {
  const search: Record<string, string> = useSearch({ from: "/frame/audit" });
  const navigate = useNavigate();
  const wanted: AuditFilter = {
    kind: search.kind || undefined,
    actor_id: search.actor_id || undefined,
    object_id: search.object_id || undefined,
    request_id: search.request_id || undefined,
    since: search.since ? new Date(search.since).toISOString() : undefined,
    until: search.until ? new Date(search.until).toISOString() : undefined,
  };
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/audit",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Select
            aria-label="What it is about"
            placeholder="Everything"
            clearable
            searchable
            data={KINDS}
            value={search.kind || null}
            onChange={(kind) => show({ kind: kind ?? "" })}
          />
          <TextInput
            type="date"
            aria-label="Since"
            value={search.since ?? ""}
            onChange={(event) => show({ since: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            aria-label="Before"
            value={search.until ?? ""}
            onChange={(event) => show({ until: event.currentTarget.value })}
          />
          {Object.entries(NARROWED).map(
            ([name, label]) =>
              search[name] && (
                <Pill
                  key={name}
                  size="md"
                  withRemoveButton
                  onRemove={() => show({ [name]: "" })}
                  removeButtonProps={{ "aria-label": `Not only: ${label}` }}
                >
                  {label}
                </Pill>
              ),
          )}
        </Group>
        <Group gap="xs">
          {(["csv", "jsonl"] as const).map((format) => (
            <Button
              key={format}
              component="a"
              href={exportOf({ ...wanted }, format)}
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              {format === "csv" ? "CSV" : "JSON lines"}
            </Button>
          ))}
        </Group>
      </Group>
      <List wanted={wanted} narrow={show} />
    </Stack>
  );
}

function List({
  wanted,
  narrow,
}: {
  wanted: AuditFilter;
  narrow: (change: Record<string, string>) => void;
}) {
  const query = useInfiniteQuery(entriesQuery(wanted));
  return (
    <Loaded what="The audit" query={query}>
      {({ pages }) => {
        const all = pages.flatMap((page) => page.items);
        if (all.length === 0)
          return (
            <Empty icon={<IconHistory size={40} />} title="Nothing like that">
              Nobody did such a thing, or you may not see it.
            </Empty>
          );
        return (
          <>
            <Rows label="Audit">
              {all.map((entry) => (
                <EntryRow key={entry.id} entry={entry} narrow={narrow} />
              ))}
            </Rows>
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}
