import { MultiSelect, type OptionsFilter, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  queryOptions,
  useQueries,
  useQuery,
} from "@tanstack/react-query";
import { useState } from "react";
import { getUser, listRunbooks, listStatusPages } from "../../api/generated";
import {
  findPeopleQuery,
  policiesQuery,
  schedulesQuery,
} from "../../api/queries";
import { ServicesSelect } from "../../ui/ServiceSelect";

interface Props {
  label: string;
  description?: string;
  required: boolean;
  error?: string;
  /** what it is chosen from */
  of: string;
  many: boolean;
  value: string[];
  onChange: (ids: string[]) => void;
}

/** Things of this installation, chosen by their names. */
export function PickField({ of, ...props }: Props) {
  if (of === "service") {
    const { many: _, required: __, ...box } = props;
    return <ServicesSelect {...box} placeholder="Any service" />;
  }
  if (of === "user") return <People {...props} />;
  return <OneOf of={of} {...props} />;
}

type Listed = { items: readonly { id: string; name: string }[] };

async function everything(of: string): Promise<Listed["items"]> {
  if (of === "runbook")
    return (await listRunbooks({ query: { limit: 100 } })).items;
  if (of === "status_page")
    return (await listStatusPages({ query: { limit: 100 } })).items;
  return [];
}

function choicesQuery(of: string) {
  return queryOptions({
    queryKey: [of === "runbook" ? "runbooks" : "status-pages", "to-choose"],
    queryFn: () => everything(of),
    enabled: of === "runbook" || of === "status_page",
  });
}

function OneOf({ of, many: _, value, onChange, ...box }: Props) {
  const others = useQuery(choicesQuery(of)).data;
  const schedules = useQuery({
    ...schedulesQuery,
    enabled: of === "schedule",
  }).data;
  const policies = useQuery({
    ...policiesQuery,
    enabled: of === "policy",
  }).data;
  const listed = [...(others ?? []), ...named(schedules), ...named(policies)];
  const chosen = value[0] ?? null;
  const known = listed.some(({ id }) => id === chosen);
  return (
    <Select
      {...box}
      data={listed.map(({ id, name }) => ({ value: id, label: name }))}
      value={known ? chosen : null}
      placeholder={
        chosen && !known ? "What was chosen is not here" : "Choose one"
      }
      searchable
      nothingFoundMessage="None is called that"
      onChange={(id) => onChange(id ? [id] : [])}
    />
  );
}

/** Lists come whole or in pages. */
function named(found: unknown): Listed["items"] {
  if (Array.isArray(found)) return found;
  const items: unknown =
    typeof found === "object" && found !== null
      ? Reflect.get(found, "items")
      : undefined;
  return Array.isArray(items) ? items : [];
}

/** The server has searched already. */
const everyOption: OptionsFilter = ({ options }) => options;

function userQuery(id: string) {
  return queryOptions({
    queryKey: ["users", id, "name"],
    queryFn: ({ signal }) => getUser({ path: { user_id: id }, signal }),
  });
}

function People({ many, value, onChange, ...box }: Omit<Props, "of">) {
  const [text, setText] = useState("");
  const chosen = useQueries({ queries: value.map(userQuery) }).flatMap(
    ({ data }) => data ?? [],
  );
  const [wanted] = useDebouncedValue(
    chosen.some(({ name }) => name === text) ? "" : text.trim(),
    150,
  );
  const found = useQuery({
    ...findPeopleQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const others = (found.data?.items ?? []).filter(
    ({ id }) => !value.includes(id),
  );
  const shared = {
    ...box,
    data: [...chosen, ...others].map(({ id, name }) => ({
      value: id,
      label: name,
    })),
    searchable: true,
    searchValue: text,
    onSearchChange: setText,
    filter: found.data ? everyOption : undefined,
    nothingFoundMessage: "Nobody is called that",
  };
  return many ? (
    <MultiSelect
      {...shared}
      value={value}
      placeholder={value.length === 0 ? "Find people" : undefined}
      onChange={onChange}
    />
  ) : (
    <Select
      {...shared}
      value={value[0] ?? null}
      placeholder="Find a person"
      onChange={(id) => onChange(id ? [id] : [])}
    />
  );
}
