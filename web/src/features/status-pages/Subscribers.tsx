import { Button, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import {
  IconDownload,
  IconMailOff,
  IconPlus,
  IconSearch,
  IconUpload,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StatusPage } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Rows } from "../../ui/Rows";
import { SubscriberRow } from "./SubscriberRow";
import { NewSubscriber } from "./SubscribersAdd";
import { ImportSubscribers } from "./SubscribersImport";
import { countsQuery, subscribersQuery } from "./subscriber-queries";

/** Who is told what the page tells. */
export function Subscribers({ page }: { page: StatusPage }) {
  const [words, setWords] = useState("");
  const [wanted] = useDebouncedValue(words.trim(), 300);
  const [adding, { open: add, close: added }] = useDisclosure();
  const [importing, { open: load, close: loaded }] = useDisclosure();
  const query = useInfiniteQuery(subscribersQuery(page.id, wanted));
  return (
    <>
      <Counts page={page} />
      <Group>
        <TextInput
          aria-label="Search addresses"
          placeholder="Search addresses"
          leftSection={<IconSearch size={16} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          style={{ flex: "1 1 200px" }}
        />
        <Button leftSection={<IconPlus size={16} />} onClick={add}>
          Add
        </Button>
        <Button
          variant="default"
          leftSection={<IconUpload size={16} />}
          onClick={load}
        >
          Import
        </Button>
        <Button
          component="a"
          href={`/v1/status-pages/${page.id}/subscribers/export`}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Export
        </Button>
      </Group>
      <Loaded what="The subscribers" query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          return all.length === 0 ? (
            <Empty icon={<IconMailOff size={40} />} title="Nobody here">
              {wanted
                ? "No address has these letters in it."
                : "People subscribe on the page itself, and confirm by a link. You can also add who has agreed elsewhere."}
            </Empty>
          ) : (
            <>
              <Rows label="Subscribers">
                {all.map((one) => (
                  <SubscriberRow key={one.id} page={page} subscriber={one} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {adding && <NewSubscriber page={page} onClose={added} />}
      {importing && <ImportSubscribers page={page} onClose={loaded} />}
    </>
  );
}

function Counts({ page }: { page: StatusPage }) {
  const { data } = useQuery(countsQuery(page.id));
  if (!data) return null;
  const parts = [
    `${data.confirmed} confirmed`,
    data.unconfirmed > 0 && `${data.unconfirmed} not confirmed yet`,
    data.stopped > 0 && `${data.stopped} stopped`,
    data.waiting > 0 && `${data.waiting} messages on their way`,
  ];
  return (
    <Text size="sm" c="dimmed" role="status">
      {parts.filter(Boolean).join(" · ")}
    </Text>
  );
}
