import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { updateMe } from "../../api/generated";
import { meQuery, useMe } from "../../me";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";

const ROLES = {
  team_admin: "admin",
  responder: "responder",
  observer: "observer",
};

/** Name, how it is said, and time zone; the teams one is in. */
export function Profile() {
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      name: me.name,
      time_zone: me.time_zone,
      pronounced: me.pronounced ?? "",
    },
  });
  const { mutate, isPending } = useMutation({
    mutationFn: (body: typeof form.values) => updateMe({ body }),
    onSuccess: (changed) => {
      queryClient.setQueryData(meQuery.queryKey, changed);
      toastDone("Saved");
    },
  });
  const zones = [
    ...new Set([me.time_zone, "UTC", ...Intl.supportedValuesOf("timeZone")]),
  ];
  return (
    <Section title="Profile">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack maw={420}>
          <TextInput
            label="Name"
            required
            maxLength={200}
            {...form.getInputProps("name")}
          />
          <TextInput
            label="Name as calls say it"
            description="Spelt as it sounds; left empty, calls say no name"
            maxLength={100}
            {...form.getInputProps("pronounced")}
          />
          <TextInput
            label="E-mail"
            value={me.email}
            readOnly
            variant="filled"
          />
          <Select
            label="Time zone"
            description="For what is sent to you; this app shows the browser's zone"
            searchable
            allowDeselect={false}
            limit={100}
            data={zones}
            {...form.getInputProps("time_zone")}
          />
          <Group>
            <Button
              type="submit"
              loading={isPending}
              disabled={!form.isDirty()}
            >
              Save
            </Button>
          </Group>
        </Stack>
      </form>
      <Text size="sm" c="dimmed">
        {me.platform_admin && "You are a platform admin. "}
        {me.memberships.length === 0
          ? "You are in no team."
          : `Teams: ${me.memberships
              .map(({ team, role }) => `${team.name} (${ROLES[role]})`)
              .join(", ")}.`}
      </Text>
    </Section>
  );
}
