import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "./queries";

export interface Person {
  id: string;
  name: string;
}

interface Props {
  label: string;
  value: Person | null;
  onChange: (person: Person | null) => void;
}

/** Somebody who can sign in, found by name. */
export function PersonSelect({ label, value, onChange }: Props) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text === value?.name ? "" : text, 150);
  const found = useQuery(peopleQuery(wanted)).data?.items ?? [];
  const people = found.filter((user) => user.deactivated_at === null);
  return (
    <Select
      label={label}
      placeholder="Name or e-mail"
      searchable
      clearable
      data-autofocus
      data={people.map(({ id, name }) => ({
        value: id,
        label: name,
      }))}
      // the server has already searched
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      value={value?.id ?? null}
      onChange={(id) => onChange(people.find((user) => user.id === id) ?? null)}
      nothingFoundMessage="Nobody has that name"
    />
  );
}
