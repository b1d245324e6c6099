import { Button, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type ComponentGroup,
  changeComponentGroup,
  createComponentGroup,
  deleteComponentGroup,
  type StatusPage,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";

interface Props {
  page: StatusPage;
  /** the one to change; none: a new one */
  group?: ComponentGroup;
  onClose: () => void;
}

/** A heading over components. */
export function GroupForm({ page, group, onClose }: Props) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      name: group?.name ?? "",
      description: group?.description ?? "",
      collapsed: group?.collapsed ?? false,
    },
    validate: { name: (name) => (name.trim() ? null : "Say what it says") },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      group
        ? changeComponentGroup({ path: { group_id: group.id }, body })
        : createComponentGroup({ path: { page_id: page.id }, body }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      deleteComponentGroup({ path: { group_id: id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={group ? `Change ${group.name}` : "New heading"}
      action={group ? "Save" : "Add the heading"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Heading"
        placeholder="Payments"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Description"
        description="A line below it; may be empty"
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      <Switch
        label="Fold it while everything under it works"
        {...form.getInputProps("collapsed", { type: "checkbox" })}
      />
      {group && (
        <Button
          variant="default"
          loading={remove.isPending}
          onClick={() => remove.mutate(group.id)}
        >
          Take the heading away; its components stay
        </Button>
      )}
    </FormModal>
  );
}
