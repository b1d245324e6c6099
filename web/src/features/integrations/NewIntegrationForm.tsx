import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createIntegration, type IntegrationKind } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { ServiceSelect } from "../../ui/ServiceSelect";
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
      <Stack>
        <ServiceSelect
          label="What does it watch?"
          description="Its alerts open incidents of this service"
          placeholder="Find a service"
          mine
          withAsterisk
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
