import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  createIntegration,
  getService,
  type IntegrationKind,
} from "../../api/generated";
import { findServicesQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { Problem } from "../../ui/Problem";
import { useSave } from "../../ui/use-save";
import { keepFreshKey } from "./queries";

interface Values {
  name: string;
  service_id: string | null;
}

interface Props {
  kind: IntegrationKind;
  serviceId: string | undefined;
}

/** What the tool watches, and how to call it here. */
export function NewIntegrationForm({ kind, serviceId }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm<Values>({
    initialValues: { name: kind.title, service_id: serviceId ?? null },
    validate: {
      name: (name) => (name.trim() ? null : "It needs a name"),
      service_id: (id) => (id ? null : "Choose the service it reports about"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, service_id }) =>
      createIntegration({
        path: { service_id: service_id ?? "" },
        body: { kind: kind.kind, name },
      }),
    stale: [["integrations", "list"], ["integrations", "of"], ["services"]],
    onSaved: (made) => {
      keepFreshKey(queryClient, made.id, made);
      return navigate({
        to: "/integrations/$integrationId",
        params: { integrationId: made.id },
      });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack maw={480}>
        <ServiceSelect
          value={form.values.service_id}
          error={form.errors.service_id}
          onChange={(id) => form.setFieldValue("service_id", id)}
        />
        <TextInput
          label="Name"
          description="What people read beside its alerts"
          maxLength={200}
          withAsterisk
          {...form.getInputProps("name")}
        />
        <Problem text={problem} />
        <Group>
          <Button type="submit" loading={isPending}>
            Make the key and show the set-up
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SelectProps {
  value: string | null;
  error: React.ReactNode;
  onChange: (id: string | null) => void;
}

/** One of the services that I may change. */
function ServiceSelect({ value, error, onChange }: SelectProps) {
  const me = useMe();
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const chosen = useQuery({
    queryKey: ["services", value],
    queryFn: ({ signal }) =>
      getService({ path: { service_id: value ?? "" }, signal }),
    enabled: value !== null,
  }).data;
  // the name of the chosen one is in the box: it is not a question
  const query = useQuery({
    ...findServicesQuery(wanted === chosen?.name ? "" : wanted),
    placeholderData: keepPreviousData,
  });
  const found = (query.data?.items ?? []).filter(({ team }) =>
    canEditTeam(me, team.id),
  );
  const all =
    chosen && !found.some(({ id }) => id === chosen.id)
      ? [chosen, ...found]
      : found;
  return (
    <Select
      label="Service"
      description="Its alerts open incidents of this service"
      placeholder="Find a service"
      data={all.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      onSearchChange={setText}
      filter={({ options }) => options}
      allowDeselect={false}
      nothingFoundMessage="No service of your teams has that name"
      withAsterisk
    />
  );
}
