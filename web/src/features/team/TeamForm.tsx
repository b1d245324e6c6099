import { Switch, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { createTeam, type TeamOut, updateTeam } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";

interface Props {
  /** the one to change; none: a new one */
  team?: TeamOut;
  opened: boolean;
  onClose: () => void;
  onSaved: (team: TeamOut) => unknown;
}

/** Add a team, or change its name and description. */
export function TeamForm({ team, opened, onClose, onSaved }: Props) {
  const form = useForm({
    initialValues: {
      name: team?.name ?? "",
      description: team?.description ?? "",
      hidden: team?.hidden ?? false,
    },
    validate: {
      name: (name) => (name.trim() ? null : "A team needs a name"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ hidden, ...body }) =>
      team
        ? updateTeam({ path: { team_id: team.id }, body: { ...body, hidden } })
        : createTeam({ body }),
    stale: [["teams"], ["users"], ["me"]],
    onSaved,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={team ? `Change ${team.name}` : "New team"}
      action={team ? "Save" : "Add the team"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        placeholder="Database"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Textarea
        label="Description"
        description="What it looks after"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      {team && (
        <Switch
          label="Hidden from others"
          description="Its services, incidents, schedules and all else are seen by its people and platform admins alone, and by whoever is called for one of its incidents"
          {...form.getInputProps("hidden", { type: "checkbox" })}
        />
      )}
    </FormModal>
  );
}
