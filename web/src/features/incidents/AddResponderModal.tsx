import { Text } from "@mantine/core";
import { useState } from "react";
import { ActionModal } from "../../ui/ActionModal";
import { type Person, PersonSelect } from "../../ui/PersonSelect";
import type { DialogProps } from "./dialogs";
import { useAddResponder } from "./use-change";

export function AddResponderModal({ incident, onClose }: DialogProps) {
  const [person, setPerson] = useState<Person | null>(null);
  const { mutate, isPending } = useAddResponder(incident.id);
  return (
    <ActionModal
      title={`Ask somebody to help with #${incident.number}`}
      action={person ? `Page ${person.name}` : "Page"}
      busy={isPending}
      disabled={!person}
      onAct={() => person && mutate(person.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <PersonSelect
        label="Who"
        placeholder="Name or e-mail"
        data-autofocus
        value={person}
        onPick={setPerson}
      />
      <Text size="sm" c="dimmed">
        They are paged now. Whoever has the incident keeps it.
      </Text>
    </ActionModal>
  );
}
