import { Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createService, patchService, type Service } from "../../api/generated";
import { policiesQuery } from "../../api/queries";
import { FormModal } from "../../ui/FormModal";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";

interface Values {
  name: string;
  team_id: string;
  description: string;
  escalation_policy_id: string | null;
}

interface Props {
  /** the one to change; none: a new one */
  service?: Service;
  opened: boolean;
  onClose: () => void;
  onSaved: (service: Service) => unknown;
}

/** Add a service, or change one. */
export function ServiceForm({ service, opened, onClose, onSaved }: Props) {
  const teams = useEditableTeams();
  const policies = useQuery({ ...policiesQuery, enabled: opened }).data;
  const form = useForm<Values>({
    initialValues: {
      name: service?.name ?? "",
      team_id: service?.team.id ?? teams[0]?.id ?? "",
      description: service?.description ?? "",
      escalation_policy_id: service?.escalation_policy?.id ?? null,
    },
    validate: {
      name: (name) => (name.trim() ? null : "A service needs a name"),
      team_id: (id) => (id ? null : "Choose the team that owns it"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (values) =>
      service
        ? patchService({ path: { service_id: service.id }, body: values })
        : createService({ body: values }),
    stale: [["services"]],
    onSaved,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={service ? `Change ${service.name}` : "New service"}
      action={service ? "Save" : "Add the service"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        placeholder="Checkout"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Select
        label="Team"
        description="Owns it, and may change it"
        data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        allowDeselect={false}
        withAsterisk
        {...form.getInputProps("team_id")}
      />
      <Select
        label="Escalation policy"
        description="Whom an incident of this service pages, and in which order"
        placeholder="None: the platform admins are told"
        data={policies?.map(({ id, name, team }) => ({
          value: id,
          label: `${name} (${team.name})`,
        }))}
        searchable
        clearable
        nothingFoundMessage="No policy has that name"
        {...form.getInputProps("escalation_policy_id")}
      />
      <Textarea
        label="Description"
        description="What it does, and what to know at 3 a.m."
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        {...form.getInputProps("description")}
      />
    </FormModal>
  );
}
