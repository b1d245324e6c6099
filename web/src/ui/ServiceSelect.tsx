import { MultiSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { findServicesQuery, oneServiceQuery } from "../api/queries";
import { canEditTeam, useMe } from "../me";

interface Shared {
  label?: string;
  "aria-label"?: string;
  description?: string;
  placeholder?: string;
  error?: ReactNode;
  /** only those that I may change */
  mine?: boolean;
}

interface Props extends Shared {
  value: string | null;
  clearable?: boolean;
  withAsterisk?: boolean;
  onChange: (id: string | null) => void;
}

function useChoices(
  chosenIds: readonly string[],
  text: string,
  mine: boolean | undefined,
) {
  const me = useMe();
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const chosen = useQueries({
    queries: chosenIds.map((id) => oneServiceQuery(id)),
  }).flatMap(({ data }) => data ?? []);
  // the name of the chosen one is in the box: it is not a question
  const asked = chosen.some(({ name }) => name === wanted) ? "" : wanted;
  const query = useQuery({
    ...findServicesQuery(asked),
    placeholderData: keepPreviousData,
  });
  const found = (query.data?.items ?? []).filter(
    ({ id, team }) =>
      !chosenIds.includes(id) && (!mine || canEditTeam(me, team.id)),
  );
  return [...chosen, ...found].map(({ id, name, kind }) => ({
    value: id,
    label: kind === "business" ? `${name} (business)` : name,
  }));
}

/** One service, found by its name. */
export function ServiceSelect({ value, onChange, mine, ...box }: Props) {
  const [text, setText] = useState("");
  const data = useChoices(value ? [value] : [], text, mine);
  return (
    <Select
      {...box}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      onSearchChange={setText}
      filter={({ options }) => options}
      allowDeselect={false}
      nothingFoundMessage={
        mine ? "No service of your teams has that name" : "None has that name"
      }
    />
  );
}

interface ManyProps extends Shared {
  value: string[];
  /** not to be chosen */
  except?: string;
  onChange: (ids: string[]) => void;
}

/** Several services, found by their names. */
export function ServicesSelect({
  value,
  onChange,
  mine,
  except,
  placeholder,
  ...box
}: ManyProps) {
  const [text, setText] = useState("");
  const data = useChoices(value, text, mine);
  return (
    <MultiSelect
      {...box}
      data={data.filter((each) => each.value !== except)}
      value={value}
      onChange={onChange}
      placeholder={value.length === 0 ? placeholder : undefined}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      hidePickedOptions
      nothingFoundMessage="None has that name"
    />
  );
}
