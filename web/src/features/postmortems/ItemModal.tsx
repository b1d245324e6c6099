import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ActionItemOut, changeActionItem } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { PersonSelect } from "../../ui/PersonSelect";

interface Props {
  item: ActionItemOut;
  onClose: () => void;
}

/** All of an action item that people write. */
export function ItemModal({ item, onClose }: Props) {
  const queryClient = useQueryClient();
  const [text, setText] = useState(item.text);
  const [owner, setOwner] = useState(item.owner);
  const [due, setDue] = useState(item.due_on ?? "");
  const [ticket, setTicket] = useState(item.ticket_url ?? "");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      changeActionItem({
        path: { postmortem_id: item.postmortem_id, item_id: item.id },
        body: {
          text: text.trim(),
          owner_id: owner?.id ?? null,
          due_on: due || null,
          ...(ticket !== (item.ticket_url ?? "") && {
            ticket_url: ticket.trim() || null,
          }),
        },
      }),
    meta: { showsErrors: true },
    onSuccess: async () => {
      onClose();
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["postmortems"] }),
        queryClient.invalidateQueries({ queryKey: ["action-items"] }),
      ]);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Edit the action item"
      action="Save"
      busy={isPending}
      disabled={text.trim() === ""}
      problem={error?.message}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <TextInput
        label="What is to be done"
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <PersonSelect label="Owner" value={owner} onPick={setOwner} />
      <TextInput
        type="date"
        label="Due"
        description="Its owner is reminded three days before, on the day, and each week after"
        value={due}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      <TextInput
        type="url"
        label="Ticket"
        description="Its address in Jira, Linear or elsewhere"
        placeholder="https://example.atlassian.net/browse/OPS-12"
        value={ticket}
        onChange={(event) => setTicket(event.currentTarget.value)}
      />
    </FormModal>
  );
}
