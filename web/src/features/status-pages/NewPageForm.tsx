import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { createStatusPage, type StatusPage } from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { HERE } from "../../ui/wall";
import { slugOf } from "./slug";

const INSTALLATION = "installation";

interface Props {
  onClose: () => void;
  onSaved: (page: StatusPage) => unknown;
}

/** A page to begin with: its name, its address, whose it is. */
export function NewPageForm({ onClose, onSaved }: Props) {
  const me = useMe();
  const teams = useEditableTeams();
  const form = useForm({
    initialValues: {
      name: "",
      slug: "",
      team_id: me.platform_admin ? INSTALLATION : (teams[0]?.id ?? ""),
    },
    validate: {
      name: (name) => (name.trim() ? null : "Say what people know it by"),
      slug: (slug) => (slug ? null : "Say where it is"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, slug, team_id }) =>
      createStatusPage({
        body: {
          name: name.trim(),
          slug,
          team_id: team_id === INSTALLATION ? null : team_id,
          time_zone: HERE,
        },
      }),
    stale: [["status-pages"]],
    onSaved: (page) => onSaved(page),
  });
  const everybody = { value: INSTALLATION, label: "The whole installation" };
  const { name, slug } = form.values;
  return (
    <FormModal
      opened
      onClose={onClose}
      title="New status page"
      action="Add the page"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        description="What people outside know you by"
        placeholder="Example Store"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
        onChange={({ currentTarget: { value } }) => {
          form.setFieldValue("name", value);
          // as long as nobody has chosen another
          if (slug === slugOf(name)) form.setFieldValue("slug", slugOf(value));
        }}
      />
      <TextInput
        label="Address"
        description={`${window.location.origin}/s/${slug || "…"}/ — a host name of its own can come later`}
        maxLength={63}
        withAsterisk
        {...form.getInputProps("slug")}
      />
      <Select
        label="Whose"
        description="Its responders publish, its admins set the page up"
        data={[
          ...(me.platform_admin ? [everybody] : []),
          ...teams.map((team) => ({ value: team.id, label: team.name })),
        ]}
        allowDeselect={false}
        {...form.getInputProps("team_id")}
      />
    </FormModal>
  );
}
