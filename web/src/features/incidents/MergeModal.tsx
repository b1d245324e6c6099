import { Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionModal } from "../../ui/ActionModal";
import type { DialogProps } from "./dialogs";
import { findQuery } from "./queries";
import { useMerge } from "./use-change";

export function MergeModal({ incident, onClose }: DialogProps) {
  const [text, setText] = useState("");
  const [intoId, setIntoId] = useState<string | null>(null);
  const [wanted] = useDebouncedValue(intoId ? "" : text, 150);
  const found = useQuery(findQuery(wanted)).data?.items ?? [];
  const { mutate, isPending } = useMerge(incident.id);
  const into = found.find(({ id }) => id === intoId);
  return (
    <ActionModal
      title={`Merge #${incident.number} into another`}
      action={into ? `Merge into #${into.number}` : "Merge"}
      busy={isPending}
      disabled={!intoId}
      onAct={() => intoId && mutate(intoId, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Select
        label="Into"
        placeholder="Number or words"
        searchable
        data-autofocus
        data={found
          .filter(({ id }) => id !== incident.id)
          .map(({ id, number, title }) => ({
            value: id,
            label: `#${number} ${title}`,
          }))}
        filter={({ options }) => options}
        searchValue={text}
        onSearchChange={setText}
        value={intoId}
        onChange={setIntoId}
        nothingFoundMessage="No open incident fits"
      />
      <Text size="sm" c="dimmed">
        Its alerts move there and nobody is paged for #{incident.number} any
        more. It can be un-merged.
      </Text>
    </ActionModal>
  );
}
