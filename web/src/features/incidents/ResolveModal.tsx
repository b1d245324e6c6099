import { Textarea } from "@mantine/core";
import { ActionModal } from "../../ui/ActionModal";
import { useKept } from "../../ui/use-kept";
import type { DialogProps } from "./dialogs";
import { useResolveWithNote } from "./use-change";

export function ResolveModal({ incident, onClose }: DialogProps) {
  const [note, setNote] = useKept(`resolution ${incident.id}`);
  const { mutate, isPending } = useResolveWithNote(incident.id);
  const resolve = () =>
    mutate(note, {
      onSuccess: () => {
        setNote("");
        onClose();
      },
    });
  return (
    <ActionModal
      title={`Resolve #${incident.number}`}
      action="Resolve"
      busy={isPending}
      onAct={resolve}
      onClose={onClose}
    >
      <Textarea
        label="What it was, and what helped"
        autosize
        minRows={3}
        maxRows={10}
        maxLength={10_000}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ActionModal>
  );
}
