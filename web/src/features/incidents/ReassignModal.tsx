import { SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionModal } from "../../ui/ActionModal";
import { type Person, PersonSelect } from "../../ui/PersonSelect";
import type { DialogProps } from "./dialogs";
import { policiesQuery } from "./queries";
import { useReassign } from "./use-change";

export function ReassignModal({ incident, onClose }: DialogProps) {
  const [kind, setKind] = useState<"person" | "policy">("person");
  const [person, setPerson] = useState<Person | null>(null);
  const [policyId, setPolicyId] = useState<string | null>(null);
  const policies = useQuery(policiesQuery).data ?? [];
  const { mutate, isPending } = useReassign(incident.id);
  const policy = policies.find(({ id }) => id === policyId);
  const to = kind === "person" ? person : policy;
  const reassign = () => {
    if (!to) return;
    const assignee =
      kind === "person" ? { user_id: to.id } : { policy_id: to.id };
    mutate(assignee, { onSuccess: onClose });
  };
  return (
    <ActionModal
      title={`Reassign #${incident.number}`}
      action={to ? `Page ${to.name}` : "Reassign"}
      busy={isPending}
      disabled={!to}
      onAct={reassign}
      onClose={onClose}
    >
      <SegmentedControl
        data={[
          { value: "person", label: "To a person" },
          { value: "policy", label: "To a policy" },
        ]}
        value={kind}
        onChange={setKind}
      />
      {kind === "person" ? (
        <PersonSelect
          label="Who"
          placeholder="Name or e-mail"
          data-autofocus
          value={person}
          onPick={setPerson}
        />
      ) : (
        <Select
          label="Policy"
          searchable
          data={policies.map(({ id, name, team }) => ({
            value: id,
            label: `${name} (${team.name})`,
          }))}
          value={policyId}
          onChange={setPolicyId}
        />
      )}
      <Text size="sm" c="dimmed">
        {kind === "person"
          ? "They are paged now, until they acknowledge. The escalation so far stops."
          : "It escalates by that policy, from its first step, now."}
      </Text>
    </ActionModal>
  );
}
