import { useForm } from "@mantine/form";
import { type Heartbeat, patchHeartbeat } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { changesOf, type Draft, draftOf, VALIDATE } from "./draft";
import { Fields } from "./Fields";

interface Props {
  heartbeat: Heartbeat;
  onClose: () => void;
}

/** Change a heartbeat; another schedule counts from now on. */
export function EditHeartbeat({ heartbeat, onClose }: Props) {
  const form = useForm<Draft>({
    initialValues: draftOf(heartbeat),
    validate: VALIDATE,
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      patchHeartbeat({
        path: { heartbeat_id: heartbeat.id },
        body: changesOf(draft),
      }),
    stale: [["heartbeats"]],
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Change ${heartbeat.name}`}
      action="Save"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((draft) => save(draft))}
    >
      <Fields form={form} />
    </FormModal>
  );
}
