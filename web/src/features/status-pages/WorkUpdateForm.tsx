import { Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  createStatusMaintenanceUpdate,
  type PlannedMaintenance,
  type StatusPage,
  type ToldTo,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";

interface Props {
  work: PlannedMaintenance;
  page: StatusPage;
  onClose: () => void;
}

/** Tell something about planned work. */
export function WorkUpdateForm({ work, page, onClose }: Props) {
  const form = useForm({
    initialValues: {
      body: "",
      told_to: "everyone" as ToldTo,
      quiet: false,
      publish_at: "",
    },
    validate: {
      body: (body) => (body.trim() ? null : "Say what people may know"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ body, told_to, quiet, publish_at }) =>
      createStatusMaintenanceUpdate({
        path: { maintenance_id: work.id },
        body: {
          status: work.status,
          body: body.trim(),
          told_to,
          quiet,
          publish_at: instantTyped(publish_at),
        },
      }),
    stale: [["status-pages"]],
    onSaved: () => {
      toastDone(`${page.name} is up to date`);
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Tell more: ${work.name}`}
      action={form.values.publish_at ? "Publish then" : "Publish now"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Textarea
        label="What people read"
        autosize
        minRows={4}
        maxRows={14}
        withAsterisk
        data-autofocus
        {...form.getInputProps("body")}
      />
      <Select
        label="Who reads it"
        data={[
          { value: "everyone", label: "Everyone who may see the page" },
          { value: "partners", label: "Partners only" },
        ]}
        allowDeselect={false}
        {...form.getInputProps("told_to")}
      />
      <Switch
        label="Quiet: on the page only, no message to subscribers"
        {...form.getInputProps("quiet", { type: "checkbox" })}
      />
      <TextInput
        type="datetime-local"
        label="Publish at"
        description="Empty: now"
        {...form.getInputProps("publish_at")}
      />
    </FormModal>
  );
}
