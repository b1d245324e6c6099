import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { findPeopleQuery } from "../api/queries";

interface Person {
  id: string;
  name: string;
}

interface Props {
  label: string;
  /** who is in already */
  except: readonly string[];
  onPick: (person: Person) => void;
}

/** Find a person by name or address and pick them; then it is empty for the next one. */
export function PersonSelect({ label, except, onPick }: Props) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    ...findPeopleQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const people = (found.data?.items ?? []).filter(
    ({ id, deactivated_at }) => !deactivated_at && !except.includes(id),
  );
  return (
    <Select
      aria-label={label}
      placeholder={label}
      data={people.map(({ id, name, email }) => ({
        value: id,
        label: people.some((p) => p.id !== id && p.name === name)
          ? `${name} (${email})`
          : name,
      }))}
      value={null}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={
        found.isFetching ? "Looking …" : "Nobody else has that name"
      }
      onChange={(id) => {
        const person = people.find((each) => each.id === id);
        if (!person) return;
        onPick({ id: person.id, name: person.name });
        setText("");
      }}
    />
  );
}
