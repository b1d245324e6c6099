import { Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { WorkflowOut } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** the number that it will have */
  next: number;
  send: (note: string) => Promise<WorkflowOut>;
  onSaved: (workflow: WorkflowOut) => unknown;
}

/** A new version, with a note for whoever looks back. */
export function SaveModal({ opened, onClose, next, send, onSaved }: Props) {
  const form = useForm({ initialValues: { note: "" } });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ note }: typeof form.values) => send(note.trim()),
    stale: [],
    onSaved: (workflow) => {
      form.reset();
      onClose();
      return onSaved(workflow);
    },
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Save version ${next}`}
      action="Save it"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Textarea
        label="What is new in it"
        placeholder="Asks before it restarts"
        maxLength={500}
        autosize
        data-autofocus
        {...form.getInputProps("note")}
      />
      <Text size="sm" c="dimmed">
        What starts from now on follows this version. Runs that go on keep
        theirs.
      </Text>
    </FormModal>
  );
}
