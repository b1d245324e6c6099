import {
  ActionIcon,
  Button,
  Group,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import {
  type MappingShape,
  type ProviderOut,
  updateIdentityProvider,
} from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SIGN_ON } from "./queries";

const ROLES = [
  { value: "responder", label: "Responder" },
  { value: "team_admin", label: "Team admin" },
  { value: "observer", label: "Observer" },
];

interface Values {
  group_claim: string;
  admin_groups: string[];
  mappings: MappingShape[];
}

/** Which groups open which teams; the same at sign-in and by provisioning. */
export function GroupsForm({ provider }: { provider: ProviderOut }) {
  const { group_claim, admin_groups, mappings } = provider;
  const teams = useQuery(teamsQuery).data ?? [];
  const form = useForm<Values>({
    initialValues: { group_claim, admin_groups, mappings },
    validate: {
      mappings: { group: (group) => (group.trim() ? null : "Which group?") },
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      withStepUp(() =>
        updateIdentityProvider({ path: { provider_id: provider.id }, body }),
      ),
    stale: [SIGN_ON, ["teams"], ["users"]],
    onSaved: (_, values) => {
      form.setInitialValues(values);
      form.reset();
      toastDone("Saved");
    },
  });
  const first = teams[0];
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          Whoever is in the group is this in the team, from the next sign-in or
          push on. Who was put into a team by hand stays there.
        </Text>
        {form.values.mappings.map((one, index) => (
          <Group key={form.key(`mappings.${index}`)} align="start" gap="xs">
            <TextInput
              aria-label="Group"
              placeholder="Group"
              flex="1 1 160px"
              maxLength={500}
              {...form.getInputProps(`mappings.${index}.group`)}
            />
            <Select
              aria-label={`Team of ${one.group}`}
              flex="1 1 140px"
              allowDeselect={false}
              searchable
              data={teams.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps(`mappings.${index}.team_id`)}
            />
            <Select
              aria-label={`Role of ${one.group}`}
              flex="1 1 120px"
              allowDeselect={false}
              data={ROLES}
              {...form.getInputProps(`mappings.${index}.role`)}
            />
            <ActionIcon
              variant="default"
              size={36}
              aria-label={`Remove ${one.group}`}
              onClick={() => form.removeListItem("mappings", index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            disabled={!first}
            onClick={() => {
              if (first)
                form.insertListItem("mappings", {
                  group: "",
                  team_id: first.id,
                  role: "responder",
                });
            }}
          >
            Add a group
          </Button>
        </Group>
        <TagsInput
          label="Groups of platform admins"
          maw={560}
          {...form.getInputProps("admin_groups")}
        />
        <TextInput
          label="Claim that lists the groups"
          maw={560}
          maxLength={100}
          required
          {...form.getInputProps("group_claim")}
        />
        <Problem text={problem} />
        <Group>
          <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
