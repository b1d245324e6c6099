import {
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { ActionModal } from "../../ui/ActionModal";
import type { DialogProps } from "./dialogs";
import { CHOICES } from "./filters";
import { useEdit } from "./use-change";

const PRIORITIES = ["P1", "P2", "P3", "P4", "P5"] as const;

export function EditModal({ incident, onClose }: DialogProps) {
  const { title, priority, urgency, severity } = incident;
  const form = useForm({
    initialValues: { title, priority, urgency, severity },
  });
  const { mutate, isPending } = useEdit(incident.id);
  const save = () => {
    // what is untouched stays out: a tool's title may be longer than a person's
    const changes = Object.entries(form.values).filter(([name]) =>
      form.isDirty(name),
    );
    mutate(Object.fromEntries(changes), { onSuccess: onClose });
  };
  return (
    <ActionModal
      title={`Edit #${incident.number}`}
      action="Save"
      busy={isPending}
      disabled={!form.isDirty() || !form.values.title.trim()}
      onAct={save}
      onClose={onClose}
    >
      <TextInput
        label="Title"
        required
        maxLength={300}
        {...form.getInputProps("title")}
      />
      <Select
        label="Priority"
        placeholder="None"
        clearable
        data={PRIORITIES}
        {...form.getInputProps("priority")}
      />
      <Select
        label="Severity"
        allowDeselect={false}
        data={CHOICES.severity}
        {...form.getInputProps("severity")}
      />
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          Urgency
        </Text>
        <SegmentedControl
          fullWidth
          aria-label="Urgency"
          data={[
            { value: "high", label: "Urgent: wake people" },
            { value: "low", label: "Can wait" },
          ]}
          {...form.getInputProps("urgency")}
        />
      </Stack>
    </ActionModal>
  );
}
