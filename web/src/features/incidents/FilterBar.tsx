import {
  ActionIcon,
  Button,
  Group,
  Pill,
  Popover,
  TextInput,
} from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { IconFilter, IconSearch, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, type RefObject, Suspense, useEffect, useState } from "react";
import { CHOICES, type Filters, filtersOf, searchOf } from "./filters";
import { servicesQuery, teamsQuery } from "./queries";
import { SavedViews } from "./SavedViews";

// the first screen does without
const FilterChoices = lazy(() => import("./FilterChoices"));

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  searchBox: RefObject<HTMLInputElement | null>;
}

const NAMES = ["status", "severity", "urgency", "team", "service"] as const;
export type Name = (typeof NAMES)[number];

const TITLES: Record<Name, string> = {
  status: "State",
  severity: "Severity",
  urgency: "Urgency",
  team: "Team",
  service: "Service",
};

export interface Choice {
  value: string;
  label: string;
}

function useChoices(): Record<Name, Choice[]> {
  const teams = useQuery(teamsQuery).data ?? [];
  const services = useQuery(servicesQuery).data?.items ?? [];
  const words = (values: readonly string[]) =>
    values.map((value) => ({
      value,
      label: value.charAt(0).toUpperCase() + value.slice(1),
    }));
  const named = (refs: readonly { id: string; name: string }[]) =>
    refs.map(({ id, name }) => ({ value: id, label: name }));
  return {
    status: words(CHOICES.status),
    severity: words(CHOICES.severity),
    urgency: words(CHOICES.urgency),
    team: named(teams),
    service: named(services),
  };
}

/** Searching, filtering, and what is filtered now as chips; all of it is in the address. */
export function FilterBar({ filters, onChange, searchBox }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  const choices = useChoices();
  const set = (name: Name, value: string | null) =>
    onChange(filtersOf({ ...searchOf(filters), [name]: value ?? "" }));
  const chosen = NAMES.flatMap((name) => {
    const value = filters[name];
    if (!value) return [];
    const choice = choices[name].find((each) => each.value === value);
    return [{ name, label: `${TITLES[name]}: ${choice?.label ?? "…"}` }];
  });

  return (
    <Group gap="xs">
      <SearchBox
        box={searchBox}
        value={filters.query ?? ""}
        onChange={(query) =>
          onChange({ ...filters, query: query || undefined })
        }
      />
      <Popover
        opened={opened}
        onDismiss={close}
        position="bottom-start"
        trapFocus
      >
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconFilter size={16} />}
            onClick={toggle}
            aria-expanded={opened}
          >
            Filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense>
            <FilterChoices
              titles={TITLES}
              choices={choices}
              filters={filters}
              onChange={set}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <SavedViews filters={filters} onChange={onChange} />
      {chosen.map(({ name, label }) => (
        <Pill
          key={name}
          size="md"
          withRemoveButton
          onRemove={() => set(name, null)}
          removeButtonProps={{
            "aria-label": `Remove ${label}`,
            "aria-hidden": false,
            tabIndex: 0,
          }}
        >
          {label}
        </Pill>
      ))}
    </Group>
  );
}

interface SearchBoxProps {
  box: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (text: string) => void;
}

function SearchBox({ box, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, 250);
  // going back, or a saved view, changes the address under the box
  useEffect(() => setText(value), [value]);
  const set = (next: string) => {
    setText(next);
    later(next);
  };
  return (
    <TextInput
      ref={box}
      aria-label="Search incidents"
      placeholder="Number or words"
      w={{ base: "100%", xs: 240 }}
      leftSection={<IconSearch size={16} />}
      rightSection={
        text && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Clear the search"
            onClick={() => set("")}
          >
            <IconX size={16} />
          </ActionIcon>
        )
      }
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") box.current?.blur();
      }}
    />
  );
}
