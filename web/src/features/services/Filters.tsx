import { Chip, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { serviceTagsQuery, teamsQuery } from "../../api/queries";
import { TIER_CHOICES } from "../../ui/service-states";

const TYPING_MS = 200;
const LIFECYCLES = [
  { value: "active", label: "Active" },
  { value: "deprecated", label: "Deprecated" },
  { value: "archived", label: "Archived" },
];

interface Props {
  /** as it is in the address */
  search: Record<string, string>;
  box: RefObject<HTMLInputElement | null>;
  onChange: (change: Record<string, string>) => void;
}

/** What is looked for in the directory. */
export function Filters({ search, box, onChange }: Props) {
  const teams = useQuery(teamsQuery).data;
  const tags = useQuery(serviceTagsQuery).data ?? [];
  const find = useDebouncedCallback(
    (words: string) => onChange({ query: words }),
    TYPING_MS,
  );
  const choice = (name: string) => ({
    value: search[name] ?? null,
    onChange: (value: string | null) => onChange({ [name]: value ?? "" }),
    clearable: true,
    style: { flex: "1 1 8rem" },
  });
  return (
    <Group gap="xs">
      <TextInput
        ref={box}
        aria-label="Find a service"
        placeholder="Name, description or tag"
        leftSection={<IconSearch size={16} />}
        defaultValue={search.query ?? ""}
        onChange={(event) => find(event.currentTarget.value.trim())}
        style={{ flex: "2 1 12rem" }}
      />
      <Select
        aria-label="Team"
        placeholder="All teams"
        data={teams?.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...choice("team_id")}
      />
      {tags.length > 0 && (
        <Select
          aria-label="Tag"
          placeholder="All tags"
          data={tags.map(({ tag }) => tag)}
          searchable
          {...choice("tag")}
        />
      )}
      <Select
        aria-label="Tier"
        placeholder="All tiers"
        data={TIER_CHOICES}
        {...choice("tier")}
      />
      <Select
        aria-label="Life cycle"
        placeholder="Any life cycle"
        data={LIFECYCLES}
        {...choice("lifecycle")}
      />
      <Chip
        checked={search.burning === "1"}
        onChange={(on) => onChange({ burning: on ? "1" : "" })}
      >
        With open incidents
      </Chip>
    </Group>
  );
}
