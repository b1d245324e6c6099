import { Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  addStatusSubscriber,
  type StatusPage,
  type StatusSubscriberIn,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SUBSCRIBERS } from "./subscriber-queries";
import { WAYS } from "./subscriber-words";

interface Props {
  page: StatusPage;
  onClose: () => void;
}

const CHOICES = Object.entries(WAYS).map(([value, label]) => ({
  value,
  label,
}));

/** Add somebody who has agreed to it elsewhere. */
export function NewSubscriber({ page, onClose }: Props) {
  const form = useForm({
    initialValues: {
      way: "email" as NonNullable<StatusSubscriberIn["way"]>,
      address: "",
      incidents: true,
      maintenances: true,
      component_ids: [] as string[],
    },
    validate: {
      address: (text) => (text.trim() ? null : "Say where they are told"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) => addStatusSubscriber({ path: { page_id: page.id }, body }),
    stale: [SUBSCRIBERS],
    onSaved: (made) => {
      toastDone(`${made.address} is told from now on`);
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Add a subscriber"
      action="Add"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="How"
        data={CHOICES}
        allowDeselect={false}
        {...form.getInputProps("way")}
      />
      <TextInput
        label="Address"
        description="They are not asked again: add only who has agreed."
        maxLength={500}
        withAsterisk
        data-autofocus
        {...form.getInputProps("address")}
      />
      <Checkbox
        label="Incidents"
        {...form.getInputProps("incidents", { type: "checkbox" })}
      />
      <Checkbox
        label="Planned maintenance"
        {...form.getInputProps("maintenances", { type: "checkbox" })}
      />
      <MultiSelect
        label="Components"
        description="None chosen: all of them"
        data={page.components.map(({ id, name }) => ({
          value: id,
          label: name,
        }))}
        searchable
        {...form.getInputProps("component_ids")}
      />
    </FormModal>
  );
}
