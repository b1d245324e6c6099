import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { findPeopleQuery } from "../api/queries";

export interface Person {
  id: string;
  name: string;
}

interface Props
  extends Pick<SelectProps, "aria-label" | "label" | "placeholder"> {
  /** stays in the box; none: it is empty again after each pick */
  value?: Person | null;
  /** who is in already */
  except?: readonly string[];
  onPick: (person: Person) => void;
  "data-autofocus"?: boolean;
}

/** Find a person who can sign in by name or address, and pick them. */
export function PersonSelect({ value, except = [], onPick, ...box }: Props) {
  const [text, setText] = useState("");
  // the name of the chosen one is in the box: it is not a question
  const [wanted] = useDebouncedValue(
    text === value?.name ? "" : text.trim(),
    150,
  );
  const found = useQuery({
    ...findPeopleQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const people = (found.data?.items ?? []).filter(
    ({ id, deactivated_at }) => !deactivated_at && !except.includes(id),
  );
  const choices = people.map(({ id, name, email }) => ({
    value: id,
    label: people.some((each) => each.id !== id && each.name === name)
      ? `${name} (${email})`
      : name,
  }));
  const chosen =
    value && !people.some(({ id }) => id === value.id)
      ? [{ value: value.id, label: value.name }]
      : [];
  return (
    <Select
      {...box}
      data={[...chosen, ...choices]}
      value={value?.id ?? null}
      searchable
      allowDeselect={false}
      searchValue={text}
      onSearchChange={setText}
      // the server has already searched
      filter={({ options }) => options}
      nothingFoundMessage={
        found.isFetching ? "Looking …" : "Nobody else has that name"
      }
      onChange={(id) => {
        const person = people.find((each) => each.id === id);
        if (!person) return;
        onPick({ id: person.id, name: person.name });
        if (value === undefined) setText("");
      }}
    />
  );
}
