import {
  ActionIcon,
  Button,
  Group,
  Popover,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createSavedView, deleteSavedView } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { type Filters, filtersOf, isFiltered, searchOf } from "./filters";
import { savedViewsQuery } from "./queries";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Filters under a name. A view is an address, so it can also be sent to somebody. */
export function SavedViews({ filters, onChange }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  const views = useQuery(savedViewsQuery).data ?? [];
  const queryClient = useQueryClient();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
  const remove = useMutation({
    mutationFn: (id: string) => deleteSavedView({ path: { view_id: id } }),
    onSettled: refresh,
  });
  const now = new URLSearchParams(searchOf(filters)).toString();
  const current = views.find(({ query }) => query === now);

  return (
    <Popover
      opened={opened}
      onDismiss={close}
      position="bottom-start"
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} />}
          onClick={toggle}
          aria-expanded={opened}
        >
          {current?.name ?? "Views"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={260}>
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              Filter the list, then keep the filters here under a name.
            </Text>
          )}
          {views.map(({ id, name, query }) => {
            const search = Object.fromEntries(new URLSearchParams(query));
            return (
              <Group key={id} justify="space-between" wrap="nowrap">
                <TextLink
                  to="/incidents"
                  search={search}
                  size="sm"
                  fw={id === current?.id ? 600 : undefined}
                  onClick={(event) => {
                    event.preventDefault();
                    onChange(filtersOf(search));
                    close();
                  }}
                >
                  {name}
                </TextLink>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Delete the view ${name}`}
                  onClick={() => remove.mutate(id)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            );
          })}
          {!current && (isFiltered(filters) || filters.tab !== "open") && (
            <SaveForm
              query={now}
              onSaved={() => {
                void refresh();
                close();
              }}
            />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function SaveForm({ query, onSaved }: { query: string; onSaved: () => void }) {
  const [name, setName] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: () => createSavedView({ body: { name: name.trim(), query } }),
    onSuccess: onSaved,
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={save}>
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          label="Keep what is shown now as"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={isPending}>
          Keep
        </Button>
      </Group>
    </form>
  );
}
