import {
  Button,
  Modal,
  MultiSelect,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import {
  createEventSubscription,
  type NewEventSubscription,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { EVERYBODY, useOwners } from "./SecretModal";

const KINDS: Readonly<Record<string, string>> = {
  "incident.": "Everything about incidents",
  "incident.triggered": "Incident opened",
  "incident.acknowledged": "Incident acknowledged",
  "incident.resolved": "Incident resolved",
  "incident.reopened": "Incident re-opened",
  "incident.note": "Notes",
  "incident.updated": "Changes of priority and others",
  "escalation.": "Escalations",
  "workflow.": "Workflows",
  "runbook_run.": "Runs of runbooks",
  "postmortem.": "Postmortems",
};

/** "Everything about incidents, Workflows" */
export function kindsWords(kinds: readonly string[]): string {
  return kinds.map((kind) => KINDS[kind] ?? kind).join(", ");
}

const NEW = {
  name: "",
  url: "",
  shape: "standard",
  kinds: ["incident."],
  owner: "",
};

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** A new subscription; then its secret, once. */
export function SubscriptionModal({ opened, onClose }: Props) {
  const owners = useOwners();
  const form = useForm({ initialValues: NEW });
  const [made, setMade] = useState<NewEventSubscription | null>(null);
  useEffect(() => {
    if (!opened) return;
    form.setValues({ ...NEW, owner: owners[0]?.value ?? EVERYBODY });
    form.clearErrors();
  }, [opened]);
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name, url, shape, kinds, owner }: typeof form.values) =>
      createEventSubscription({
        body: {
          name: name.trim(),
          url: url.trim(),
          shape: shape === "pagerduty_v3" ? shape : "standard",
          kinds,
          team_id: owner === EVERYBODY ? null : owner,
        },
      }),
    stale: [["event-subscriptions"]],
    onSaved: (saved) => {
      onClose();
      setMade(saved);
    },
  });
  return (
    <>
      <FormModal
        opened={opened}
        onClose={onClose}
        title="New subscription"
        action="Tell it from now on"
        busy={isPending}
        problem={problem}
        onSubmit={form.onSubmit((values) => save(values))}
      >
        <TextInput
          label="Name"
          placeholder="Chat bot"
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <TextInput
          label="Address"
          type="url"
          placeholder="https://bot.example.org/events"
          required
          maxLength={2000}
          {...form.getInputProps("url")}
        />
        <MultiSelect
          label="Which events"
          required
          data={Object.entries(KINDS).map(([value, label]) => ({
            value,
            label,
          }))}
          {...form.getInputProps("kinds")}
        />
        <Select
          label="Shape"
          allowDeselect={false}
          data={[
            { value: "standard", label: "Standard Webhooks" },
            { value: "pagerduty_v3", label: "As PagerDuty’s V3 webhooks" },
          ]}
          {...form.getInputProps("shape")}
        />
        <Select
          label="Whose events"
          description="A team’s subscription hears only of its own incidents"
          allowDeselect={false}
          data={owners}
          {...form.getInputProps("owner")}
        />
      </FormModal>
      <SecretOnce
        secret={made?.secret ?? null}
        subscriptionId={made?.id}
        onClose={() => setMade(null)}
      />
    </>
  );
}

interface OnceProps {
  secret: string | null;
  subscriptionId?: string;
  onClose: () => void;
}

/** A secret that is shown this one time. */
export function SecretOnce({ secret, subscriptionId, onClose }: OnceProps) {
  const navigate = useNavigate();
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title="The secret that signs what is sent"
    >
      <Stack>
        <Text size="sm">
          Copy it to the receiver now: it is not shown again. With it the
          receiver checks that a message is ours and nobody changed it.
        </Text>
        {secret && <CopyField label="the secret" value={secret} />}
        <Button
          onClick={() => {
            onClose();
            if (subscriptionId)
              void navigate({
                to: "/event-subscriptions/$subscriptionId",
                params: { subscriptionId },
              });
          }}
        >
          I have copied it
        </Button>
      </Stack>
    </Modal>
  );
}
